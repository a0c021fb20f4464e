"""An index in a database: OceanBase, or its single server seekdb."""
