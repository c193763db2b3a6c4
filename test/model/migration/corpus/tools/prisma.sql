/*
  Warnings:

  - You are about to drop the column `origin` on the `Order` table. All the data in the column will be lost.

*/
-- AlterTable
ALTER TABLE "Order" DROP COLUMN "origin", -- expect: drop-column
ADD COLUMN     "channel" TEXT NOT NULL; -- expect: required-column

-- CreateTable
CREATE TABLE "Channel" (
    "id" TEXT NOT NULL,

    CONSTRAINT "Channel_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "Channel" ADD CONSTRAINT "Channel_id_fkey" FOREIGN KEY ("id") REFERENCES "Order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
