# What the samples printed in the surfaces' documents run with: curl, node with axios and TypeScript's compiler, python
# with requests, PHP with its curl and Guzzle. Whatever cannot be had is done without, and its tests say so.
#
# Needs: $target, say, skip and apt_install of scripts/test.

samples_node() {
  local folder=$target/samples
  if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    skip "node is not installed: the JavaScript and TypeScript samples are left out"
    return 0
  fi
  if [ ! -d "$folder/node_modules/axios" ] || [ ! -d "$folder/node_modules/typescript" ]; then
    mkdir -p "$folder"
    [ -f "$folder/package.json" ] || echo '{"private": true}' >"$folder/package.json"
    npm install --prefix "$folder" --no-audit --no-fund --silent axios@1 typescript@5 >/dev/null 2>&1 || true
  fi
  if [ -d "$folder/node_modules/axios" ] && [ -d "$folder/node_modules/typescript" ]; then
    DIARIO_NODE_MODULES=$(cd "$folder/node_modules" && pwd)
    export DIARIO_NODE_MODULES
    echo "   node $(node --version) with axios and TypeScript"
  else
    skip "npm cannot install axios here: the TypeScript sample is left out"
  fi
}

has_requests() { "$1" -c 'import requests' >/dev/null 2>&1; }

samples_python() {
  local python venv=$target/requests
  for python in "${DIARIO_REQUESTS_PYTHON:-}" "$venv/bin/python" python3; do
    if [ -n "$python" ] && has_requests "$python"; then break; fi
    python=
  done
  if [ -z "$python" ] && python3 -m venv "$venv" >/dev/null 2>&1 &&
    "$venv/bin/python" -m pip install -q --retries 1 --timeout 15 requests >/dev/null 2>&1 &&
    has_requests "$venv/bin/python"; then
    python=$venv/bin/python
  fi
  if [ -z "$python" ]; then
    skip "python's requests cannot be installed here: the Python samples are left out"
    return 0
  fi
  case $python in
    /*) ;;
    */*) python=$PWD/$python ;;
  esac
  export DIARIO_REQUESTS_PYTHON=$python
  echo "   python with requests $("$python" -c 'import requests; print(requests.__version__)')"
}

has_guzzle() { php -r 'exit(@include "/usr/share/php/GuzzleHttp/autoload.php" ? 0 : 1);' >/dev/null 2>&1; }

samples_php() {
  if ! command -v php >/dev/null 2>&1; then apt_install php-cli || true; fi
  if ! command -v php >/dev/null 2>&1; then
    skip "php cannot be installed here: the PHP samples are left out"
    return 0
  fi
  if ! php -r 'exit(function_exists("curl_init") ? 0 : 1);'; then apt_install php-curl || true; fi
  if ! has_guzzle; then apt_install php-guzzlehttp-guzzle || true; fi
  if has_guzzle && php -r 'exit(function_exists("curl_init") ? 0 : 1);'; then
    echo "   $(php --version | head -1) with curl and Guzzle"
  else
    skip "php's curl or Guzzle cannot be installed here: samples that need them are left out"
  fi
}
