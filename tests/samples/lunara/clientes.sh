curl https://lunara-publico.vercel.app/api/v1/clientes \
  -H "Authorization: Bearer lk_live_xxxxxxxxxxxxxxxxxxxxxxxx"
