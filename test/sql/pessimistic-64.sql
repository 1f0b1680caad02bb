SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
SELECT a.id, a.user_id AS userId, a.receiver, p.name AS province, c.name AS city, d.name AS district, a.place, a.mobile, a.tel FROM addresses a FORCE INDEX (PRIMARY) STRAIGHT_JOIN areas p ON p.id = a.province_id STRAIGHT_JOIN areas c ON c.id = a.city_id STRAIGHT_JOIN areas d ON d.id = a.district_id WHERE a.id IN (?) AND a.deleted_at IS NULL;
SELECT t.user_id AS userId, t.sku_id AS skuId, t.count, s.name, s.default_image AS image, s.price_fen AS priceFen, s.stock, s.sales, s.version, s.is_launched AS launched, UTC_TIMESTAMP(3) AS readAt FROM (SELECT user_id, sku_id, count FROM cart_lines FORCE INDEX (PRIMARY) WHERE user_id IN (?) AND selected ORDER BY sku_id LIMIT 1000000 FOR UPDATE) t LEFT JOIN skus s FORCE INDEX (PRIMARY) ON s.id = t.sku_id FOR UPDATE;
SELECT o.user_id AS userId, t.k, o.id AS orderId, LOWER(HEX(o.request_hash)) AS hash FROM JSON_TABLE(?, '$[*]' COLUMNS ( user_id INT UNSIGNED PATH '$[0]', k VARCHAR(255) PATH '$[1]')) t STRAIGHT_JOIN orders o ON o.user_id = t.user_id AND o.idempotency_key = CAST(t.k AS BINARY);

UPDATE JSON_TABLE(?, '$[*]' COLUMNS ( id INT UNSIGNED PATH '$[0]', version INT UNSIGNED PATH '$[1]', taken INT PATH '$[2]')) t STRAIGHT_JOIN skus s ON s.id = t.id AND s.version = t.version SET s.stock = s.stock - t.taken, s.sales = s.sales + t.taken, s.version = s.version + 1;
INSERT INTO orders (id, user_id, status, pay_method, total_count, total_fen, freight_fen, address_id, receiver, province, city, district, place, mobile, tel, idempotency_key, request_hash, created_at, expires_at) VALUES ?;
INSERT INTO order_lines (order_id, sku_id, name, image, count, price_fen) VALUES ?;
INSERT INTO order_events (order_id, type, to_status, actor, created_at) VALUES ?;
DELETE c FROM JSON_TABLE(?, '$[*]' COLUMNS ( user_id INT UNSIGNED PATH '$[0]', sku_id INT UNSIGNED PATH '$[1]')) t STRAIGHT_JOIN cart_lines c ON c.user_id = t.user_id AND c.sku_id = t.sku_id;

COMMIT;
