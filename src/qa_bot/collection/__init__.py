"""The collection as a whole: how much, when, by whom, about whom."""
