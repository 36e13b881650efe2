import requests
r = requests.get(
    'https://lunara-publico.vercel.app/api/v1/clientes',
    headers={'Authorization': 'Bearer lk_live_xxx'},
)
print(r.json()['items'])
