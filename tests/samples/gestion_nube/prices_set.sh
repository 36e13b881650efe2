curl -X PUT "https://app.gestion.moda/api/v1/precios/1/producto/120" \
-H "Authorization: Bearer TU_TOKEN" \
-H "Content-Type: application/json" \
-d '{"price": 2500.00}'
