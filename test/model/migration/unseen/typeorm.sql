ALTER TABLE "photo" ADD "albumId" integer;
ALTER TABLE "photo" ADD CONSTRAINT "UQ_8d5c5e0f" UNIQUE ("slug"); -- expect: new-unique, index-lock
ALTER TABLE "photo" ADD CONSTRAINT "FK_c0b4f1a2" FOREIGN KEY ("albumId") REFERENCES "album"("id") ON DELETE SET NULL ON UPDATE NO ACTION NOT VALID;
