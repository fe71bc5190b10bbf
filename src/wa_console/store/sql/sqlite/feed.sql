-- How other processes' commits are seen: the number changes with every commit but our own.

-- name: data_version()
SELECT data_version FROM pragma_data_version
