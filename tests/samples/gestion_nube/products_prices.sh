curl -X PUT "https://app.gestion.moda/api/v1/productos/120/precios" \
-H "Authorization: Bearer <token>" \
-H "Content-Type: application/json" \
-d '{ "retailer_price": 18500, "wholesaler_price": 13000 }'
