const r = await fetch('https://lunara-publico.vercel.app/api/v1/clientes', {
  headers: { Authorization: 'Bearer lk_live_xxx' },
});
const { items } = await r.json();
