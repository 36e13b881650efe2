import os
import requests

def listar_clientes(search=None):
    api_url = "https://sandbox.lummy.io/customers"
    headers = {
        "Authorization": f"Bearer {os.getenv('ACCESS_TOKEN')}",
        "x-organization-id": os.getenv("LUMMY_ORG_ID"),
    }
    params = {"page": 1, "limit": 20}
    if search:
        params["search"] = search
    response = requests.get(api_url, headers=headers, params=params)
    response.raise_for_status()
    data = response.json()
    print(f"Encontrados: {data['meta']['total']} clientes")
    return data

if __name__ == "__main__":
    listar_clientes("empresa")
