# Needs openssl 3 and curl. KEY is the platform's private key; KEYID is the id under which the
# gateway knows its public half.
GATEWAY=http://127.0.0.1:8080 HOST=127.0.0.1:8080 TARGET=/v1/licences/query
KEYID=suishenban-1 KEY=suishenban.key.pem BODY=request.json
CREATED=$(date +%s) NONCE=$(openssl rand -hex 16)
DIGEST=$(openssl dgst -sm3 -binary "$BODY" | openssl base64 -A)
INPUT="(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\")\
;created=$CREATED;nonce=\"$NONCE\";keyid=\"$KEYID\";tag=\"zhengqiao\""
{
  printf '"@method": POST\n"@authority": %s\n"@path": %s\n"@query": ?\n' "$HOST" "$TARGET"
  printf '"content-digest": sm3=:%s:\n"@signature-params": %s' "$DIGEST" "$INPUT"
} > base.txt
SIGNATURE=$(openssl dgst -sm3 -sign "$KEY" -sigopt distid:1234567812345678 base.txt \
  | openssl base64 -A)
curl -sS "$GATEWAY$TARGET" --data-binary @"$BODY" \
  -H 'Content-Type: application/json' -H "Content-Digest: sm3=:$DIGEST:" \
  -H "Signature-Input: sig1=$INPUT" -H "Signature: sig1=:$SIGNATURE:"
