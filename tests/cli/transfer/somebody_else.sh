# A transfer is opened by those it is addressed to, and by nobody else.
. "$TESTS/cli/transfer/setup.bash"
cp "$TESTS/vectors/sample-v1.asice" package.asice
send
try evidence-transfer receive "$transfer" --key pki/good-rsa.key --cert pki/good-rsa.pem \
    -o out.asice
try evidence-transfer receive "$transfer" --key pki/good-rsa.key --cert pki/good-rsa.pem \
    --decrypt-key pki/recipient-ec.key --decrypt-cert pki/recipient-ec.pem -o out.asice
ls
# Not even with the right certificate and another key.
try evidence-transfer receive "$transfer" --key pki/good-rsa.key --cert pki/good-rsa.pem \
    --decrypt-key pki/recipient-ec.key --decrypt-cert pki/recipient-rsa.pem -o out.asice
