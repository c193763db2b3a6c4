-- 10 comes after 2.
DROP TABLE channels;
