ALTER TYPE address ALTER ATTRIBUTE zip TYPE integer; -- expect: change-type
