$ch = curl_init('https://lunara-publico.vercel.app/api/v1/clientes');
curl_setopt($ch, CURLOPT_HTTPHEADER, ['Authorization: Bearer lk_live_xxx']);
curl_setopt($ch, CURLOPT_RETURNTRANSFER, true);
$data = json_decode(curl_exec($ch), true);
