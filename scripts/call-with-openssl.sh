#!/usr/bin/env bash
# Calls the gateway with nothing but bash 4, openssl 3.0, curl and coreutils:
# signs the request, sends it, and verifies the answer before showing it.
# The signature profile is described in docs/signature.md.
#
# Exit status: 0 the answer is signed by the gateway and is a 2xx
#              1 the call could not be made     2 wrong usage
#              3 the answer's signature or digest is wrong; its body is not shown
#              4 the answer is signed by the gateway and is not a 2xx
set -euo pipefail
export LC_ALL=C
umask 077

usage() {
	cat >&2 <<'USAGE'
usage: call-with-openssl.sh --key FILE --keyid ID --gateway-key FILE --url URL
                            [--method POST] [--body FILE|-]

  --key          your SM2 private key (PKCS#8 PEM: openssl genpkey -algorithm SM2)
  --keyid        the id under which the gateway knows your key
  --gateway-key  the gateway's public key (SubjectPublicKeyInfo PEM)
  --url          for example http://127.0.0.1:8080/v1/licences/query
  --method       POST if not given
  --body         file with the request body, or - for standard input
USAGE
	exit 2
}

say() { printf '%s\n' "call-with-openssl: $*" >&2; }
fail() { say "$2"; exit "$1"; }

key='' keyid='' gateway_key='' url='' method=POST body=''
while [ $# -gt 0 ]; do
	[ $# -ge 2 ] || usage
	case $1 in
	--key) key=$2 ;;
	--keyid) keyid=$2 ;;
	--gateway-key) gateway_key=$2 ;;
	--url) url=$2 ;;
	--method) method=$2 ;;
	--body) body=$2 ;;
	*) usage ;;
	esac
	shift 2
done
[ -n "$key" ] && [ -n "$keyid" ] && [ -n "$gateway_key" ] && [ -n "$url" ] || usage

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# SM2 with SM3 and the user id of GM/T 0009.
sm2() { openssl pkeyutl "$@" -rawin -digest sm3 -pkeyopt distid:1234567812345678; }
content_digest() { printf 'sm3=:%s:' "$(openssl dgst -sm3 -binary "$1" | openssl base64 -A)"; }

# --- the request ---------------------------------------------------------------

url_form='^(https?)://([^/?#@]+)(/[^?#]*)?(\?([^#]*))?$'
[[ $url =~ $url_form ]] || fail 2 "the URL is not of the form http(s)://host/path?query"
scheme=${BASH_REMATCH[1]} authority=${BASH_REMATCH[2],,}
path=${BASH_REMATCH[3]:-/} query=${BASH_REMATCH[5]:-}
case $scheme in
http) authority=${authority%:80} ;;
https) authority=${authority%:443} ;;
esac

case $body in
'') : >"$work/body" ;;
-) cat >"$work/body" ;;
*) cat -- "$body" >"$work/body" || fail 1 "cannot read the body" ;;
esac

digest=$(content_digest "$work/body")
params="(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\")"
params="$params;created=$(date +%s);nonce=\"$(openssl rand -hex 16)\";keyid=\"$keyid\";tag=\"zhengqiao\""
# The signature base: one line per component and no line break at the end.
printf '"@method": %s\n"@authority": %s\n"@path": %s\n"@query": ?%s\n"content-digest": %s\n"@signature-params": %s' \
	"$method" "$authority" "$path" "$query" "$digest" "$params" >"$work/base"
sm2 -sign -inkey "$key" -in "$work/base" -out "$work/sig" || fail 1 "cannot sign with $key"
signature=$(openssl base64 -A -in "$work/sig")

# -q: no personal configuration may add headers; --path-as-is and --globoff: the
# path goes out as it was signed. Redirects are not followed, they are not signed.
send=(-q --silent --show-error --globoff --path-as-is --max-time 60 --request "$method"
	--header "Content-Digest: $digest"
	--header "Signature-Input: sig1=$params"
	--header "Signature: sig1=:$signature:"
	--header 'Expect:'
	--dump-header "$work/headers" --output "$work/answer" --write-out '%{http_code}')
case $method in
GET) ;;
HEAD) send+=(--head) ;;
*) send+=(--header 'Content-Type: application/json' --data-binary "@$work/body") ;;
esac
: >"$work/answer"
status=$(curl "${send[@]}" --url "$url") || fail 1 "no answer from $scheme://$authority"
say "HTTP $status"

# --- the answer ----------------------------------------------------------------

# header NAME: the value of a header line that must be there exactly once in the
# last block of headers (interim answers come before it).
header() {
	local name value count=0 found=''
	while IFS= read -r line || [ -n "$line" ]; do
		line=${line%$'\r'}
		case $line in HTTP/*) count=0 found='' && continue ;; *:*) ;; *) continue ;; esac
		name=${line%%:*} value=${line#*:}
		[ "${name,,}" = "$1" ] || continue
		count=$((count + 1)) found=${value#"${value%%[! ]*}"}
	done <"$work/headers"
	[ "$count" = 1 ] || fail 3 "the answer has $count $1 headers, want 1"
	printf '%s' "$found"
}

answer_digest=$(header content-digest)
answer_input=$(header signature-input)
answer_signature=$(header signature)

[ "$answer_digest" = "$(content_digest "$work/answer")" ] ||
	fail 3 "the body of the answer is not the one that was signed"

covered='\("@status" "content-digest" "signature";req;key="sig1"\)'
parameter='created=[0-9]+|keyid="[^"\\]+"|tag="zhengqiao"|alg="sm2-sm3"'
[[ $answer_input =~ ^sig1=($covered(\;($parameter))+)$ ]] ||
	fail 3 "the answer is not signed over its status, its digest and this request"
answer_params=${BASH_REMATCH[1]}
for parameter in ';created=' ';keyid="' ';tag="'; do
	case $answer_params in *"$parameter"*) ;; *) fail 3 "the answer's signature lacks $parameter" ;; esac
done
[[ $answer_signature =~ ^sig1=:([A-Za-z0-9+/=]+):$ ]] || fail 3 "the answer's signature is malformed"
printf '%s' "${BASH_REMATCH[1]}" | openssl base64 -d -A >"$work/answer.sig"

printf '"@status": %s\n"content-digest": %s\n"signature";req;key="sig1": :%s:\n"@signature-params": %s' \
	"$status" "$answer_digest" "$signature" "$answer_params" >"$work/answer.base"
sm2 -verify -pubin -inkey "$gateway_key" -in "$work/answer.base" -sigfile "$work/answer.sig" >/dev/null 2>&1 ||
	fail 3 "the answer is not signed by the holder of $gateway_key"

cat "$work/answer"
# The body goes out byte for byte, so that its digest can be checked; the line break after it is for whoever looks on.
printf '\n' >&2
case $status in
2??) exit 0 ;;
*) exit 4 ;;
esac
