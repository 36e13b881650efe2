<?php
require 'vendor/autoload.php';
use GuzzleHttp\Client;
function listarClientes(?string $search = null): array
{
$client = new Client([
'base_uri' => 'https://sandbox.lummy.io',
'headers' => [
'Authorization' => 'Bearer ' . getenv('ACCESS_TOKEN'),
'x-organization-id' => getenv('LUMMY_ORG_ID'),
],
]);
$query = ['page' => 1, 'limit' => 20];
if ($search) {
$query['search'] = $search;
}
$response = $client->get('/customers', ['query' => $query]);
$data = json_decode($response->getBody(), true);
echo "Encontrados: " . $data['meta']['total'] . " clientes\n";
return $data;
}
listarClientes('empresa');
