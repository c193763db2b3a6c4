ALTER TABLE ONLY "Invoice"
    ALTER COLUMN "number" SET DATA TYPE varchar(40), -- expect: change-type
    ADD COLUMN "uuid" uuid NOT NULL DEFAULT uuid_generate_v4(), -- expect: table-lock
    ADD CONSTRAINT "Invoice_uuid_key" UNIQUE ("uuid"); -- expect: new-unique, index-lock
