ALTER EXTENSION postgis UPDATE TO '3.5'; -- expect: replace-object
