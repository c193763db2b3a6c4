-- No query names an index. The constraint behind a unique one is renamed with it, so it is told.
ALTER INDEX users_email_idx RENAME TO users_email_index; -- warns: rename-index
