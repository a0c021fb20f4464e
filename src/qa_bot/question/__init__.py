"""What a question asks for, alone or after others."""
