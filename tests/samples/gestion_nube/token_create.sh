curl -X POST "https://app.gestion.moda/api/sanctum/token" \
-H "Accept: application/json" \
-d '{ "email": "usuario@ejemplo.com", "password": "********", "device_name": "integracion-tienda", "abilities": ["products:read", "products:write", "prices:read", "prices:write", "inventory:read"] }'
