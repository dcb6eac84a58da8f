-- The zone a person reads times in; null: that of their browser. The name is checked where it is set.
alter table users add column time_zone text check (char_length(time_zone) <= 64);
