# A key and its certificate, readable by their owner only, as stock tools see them.
evidence-custody identity --name 'Trần Thị B' --organization 'Cục A05' --country VN \
    --out-key b.key --out-cert b.pem --csr b.csr >fingerprint
stat -c '%a %n' b.key b.pem b.csr
openssl x509 -in b.pem -noout -subject -nameopt RFC2253,utf8,-esc_msb
openssl req -in b.csr -noout -verify -subject -nameopt RFC2253,utf8,-esc_msb 2>&1
openssl x509 -in b.pem -noout -pubkey >public.pem
openssl pkey -in b.key -pubout | cmp - public.pem
openssl req -in b.csr -noout -pubkey | cmp - public.pem
openssl x509 -in b.pem -outform DER | sha256sum | cut -c1-64 | cmp - fingerprint

echo '-- nothing is overwritten, and nothing half made'
evidence-custody identity --name B --out-key b.key --out-cert new.pem || echo "exit $?"
evidence-custody identity --name B --out-key new.key --out-cert b.pem || echo "exit $?"
evidence-custody identity --name B --out-key new.key --out-cert new.pem --csr b.csr ||
    echo "exit $?"
evidence-custody identity --name $'B\n' --out-key new.key --out-cert new.pem || echo "exit $?"
ls -A

echo '-- it signs'
evidence-custody init case --case-number 1 --title T --key b.key --cert b.pem --quiet
evidence-custody log --case case | sed -nE 's/20[0-9-]+T[0-9:.]+Z/TIME/; 2p'
