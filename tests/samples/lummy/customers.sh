curl -X GET "https://sandbox.lummy.io/customers?search=cliente&page=1&limit=20" \
-H "Authorization: Bearer ${ACCESS_TOKEN}" \
-H "x-organization-id: ${LUMMY_ORG_ID}"
