MERGE INTO prices USING new_prices ON prices.sku = new_prices.sku -- expect: data
WHEN MATCHED THEN UPDATE SET amount = new_prices.amount
WHEN NOT MATCHED THEN INSERT VALUES (new_prices.sku, new_prices.amount);
