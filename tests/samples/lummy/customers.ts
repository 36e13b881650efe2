import axios from 'axios';
interface Customer {
id: string;
rfc: string;
legalName: string;
email: string | null;
}
interface ListCustomersResponse {
data: Customer[];
meta: {
page: number;
limit: number;
total: number;
totalPages: number;
};
}
async function listarClientes(search?: string): Promise<ListCustomersResponse> {
const API_URL = 'https://sandbox.lummy.io/customers';
const response = await axios.get<ListCustomersResponse>(API_URL, {
headers: {
'Authorization': `Bearer ${process.env.ACCESS_TOKEN}`,
'x-organization-id': process.env.LUMMY_ORG_ID!,
},
params: {
search,
page: 1,
limit: 20,
},
});
console.log(`Encontrados: ${response.data.meta.total} clientes`);
return response.data;
}
listarClientes('empresa');
