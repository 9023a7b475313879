"""Strict DER reading, and the little of X.509 and CMS that the checks need.

OpenSSL does the cryptography; this module only answers questions that the
`openssl` command leaves open: is the file DER and nothing else, which signed
attributes are there, which certificates travel along, what may a key do.
"""

import datetime
import hashlib

OID_DATA = "1.2.840.113549.1.7.1"
OID_SIGNED_DATA = "1.2.840.113549.1.7.2"
OID_TST_INFO = "1.2.840.113549.1.9.16.1.4"
OID_CONTENT_TYPE = "1.2.840.113549.1.9.3"
OID_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
OID_SIGNING_TIME = "1.2.840.113549.1.9.5"
OID_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
OID_SIGNATURE_TIMESTAMP = "1.2.840.113549.1.9.16.2.14"
OID_KEY_USAGE = "2.5.29.15"
OID_EXTENDED_KEY_USAGE = "2.5.29.37"
OID_TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
OID_EC_KEY = "1.2.840.10045.2.1"
OID_RSA_KEY = "1.2.840.113549.1.1.1"
OID_RSA_PSS = "1.2.840.113549.1.1.10"
OID_ED25519 = "1.3.101.112"

CURVES = {"1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384"}
DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
SIGNATURE_DIGESTS = {
    "1.2.840.10045.4.3.2": ("EC", "sha256"),
    "1.2.840.10045.4.3.3": ("EC", "sha384"),
    "1.2.840.10045.4.3.4": ("EC", "sha512"),
    "1.2.840.113549.1.1.11": ("RSA", "sha256"),
    "1.2.840.113549.1.1.12": ("RSA", "sha384"),
    "1.2.840.113549.1.1.13": ("RSA", "sha512"),
    OID_RSA_KEY: ("RSA", None),
    OID_RSA_PSS: ("RSA", None),
}
REQUIRED_ATTRIBUTES = {OID_CONTENT_TYPE, OID_MESSAGE_DIGEST, OID_SIGNING_TIME, OID_SIGNING_CERTIFICATE_V2}
MAX_DEPTH = 40


class DerError(ValueError):
    """The bytes are not the one DER encoding of what they should be."""


class Node:
    """One element: `tag` as read, `raw` with header, `body` without, `children` if constructed."""

    def __init__(self, tag, raw, body, children):
        self.tag, self.raw, self.body, self.children = tag, raw, body, children

    def child(self, index, tag=None):
        if self.children is None or index >= len(self.children):
            raise DerError(f"element {index} of tag {self.tag:#x} is missing")
        node = self.children[index]
        if tag is not None and node.tag != tag:
            raise DerError(f"expected tag {tag:#x}, found {node.tag:#x}")
        return node


def _read_length(data, pos):
    if pos >= len(data):
        raise DerError("length is cut off")
    first = data[pos]
    if first < 0x80:
        return first, pos + 1
    count = first & 0x7F
    if not 1 <= count <= 4 or pos + 1 + count > len(data):
        raise DerError("length is indefinite, too long or cut off")
    value = int.from_bytes(data[pos + 1:pos + 1 + count], "big")
    if value < 0x80 or data[pos + 1] == 0:
        raise DerError("length is not in its shortest form")
    return value, pos + 1 + count


def _check_primitive(tag, body):
    if tag == 0x01 and body not in (b"\x00", b"\xff"):
        raise DerError("boolean is neither 00 nor FF")
    if tag in (0x02, 0x0A):
        if not body:
            raise DerError("integer is empty")
        if len(body) > 1 and ((body[0] == 0 and body[1] < 0x80) or (body[0] == 0xFF and body[1] >= 0x80)):
            raise DerError("integer is not in its shortest form")
    if tag == 0x03:
        if not body or body[0] > 7 or (len(body) == 1 and body[0]):
            raise DerError("bit string has a bad count of unused bits")
        if body[0] and body[-1] & ((1 << body[0]) - 1):
            raise DerError("bit string has unused bits that are set")
    if tag == 0x05 and body:
        raise DerError("null has a value")


def _read(data, pos, depth):
    if depth > MAX_DEPTH:
        raise DerError("nested too deeply")
    if pos >= len(data):
        raise DerError("element is cut off")
    tag = data[pos]
    if tag & 0x1F == 0x1F:
        raise DerError("multi-byte tags are not used here")
    length, start = _read_length(data, pos + 1)
    end = start + length
    if end > len(data):
        raise DerError("element runs past the end")
    body = data[start:end]
    children = None
    if tag & 0x20:
        children, at = [], 0
        while at < len(body):
            node, at = _read(body, at, depth + 1)
            children.append(node)
        if tag == 0x31:
            check_set_order(children)
    else:
        if tag in (0x30, 0x10, 0x11):
            raise DerError("sequence or set that is not constructed")
        _check_primitive(tag, body)
    return Node(tag, data[pos:end], body, children), end


def check_set_order(nodes):
    """A SET OF is encoded in ascending order of its encoded members."""
    raws = [n.raw for n in nodes]
    if raws != sorted(raws):
        raise DerError("members of a set are not in DER order")


def parse(data):
    """The single element that `data` is; anything behind it is an error."""
    data = bytes(data)
    node, end = _read(data, 0, 0)
    if end != len(data):
        raise DerError(f"{len(data) - end} bytes after the end")
    return node


def oid(node):
    if node.tag != 0x06 or not node.body:
        raise DerError("expected an object identifier")
    arcs, value = [], 0
    for i, byte in enumerate(node.body):
        if byte == 0x80 and value == 0 and (i == 0 or node.body[i - 1] < 0x80):
            raise DerError("object identifier is not in its shortest form")
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            arcs.append(value)
            value = 0
    if node.body[-1] >= 0x80:
        raise DerError("object identifier is cut off")
    first = min(arcs[0] // 40, 2)
    return ".".join(str(a) for a in [first, arcs[0] - 40 * first] + arcs[1:])


def time(node):
    """UTCTime or GeneralizedTime, in UTC."""
    text = node.body.decode("ascii", "strict")
    formats = {0x17: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}
    if node.tag not in formats:
        raise DerError("expected a time")
    if node.tag == 0x18 and "." in text:
        formats[0x18] = "%Y%m%d%H%M%S.%fZ"
    try:
        return datetime.datetime.strptime(text, formats[node.tag]).replace(tzinfo=datetime.timezone.utc)
    except ValueError as error:
        raise DerError(f"bad time {text!r}") from error


class Certificate:
    """The parts of an X.509 certificate that the checks look at."""

    def __init__(self, der):
        self.der = bytes(der)
        self.fingerprint = hashlib.sha256(self.der).hexdigest()
        fields = list(parse(self.der).child(0, 0x30).children)
        if fields and fields[0].tag == 0xA0:
            fields.pop(0)
        if len(fields) < 6:
            raise DerError("certificate has too few fields")
        self.serial, self.issuer, self.subject = fields[0].raw, fields[2].raw, fields[4].raw
        self.not_before, self.not_after = (time(n) for n in fields[3].children)
        self.key_type, self.key_detail = self._key(fields[5])
        self._extensions = self._read_extensions(fields[6:])

    @staticmethod
    def _key(spki):
        algorithm = oid(spki.child(0, 0x30).child(0))
        if algorithm == OID_EC_KEY:
            return "EC", CURVES.get(oid(spki.child(0).child(1)), "other curve")
        if algorithm in (OID_RSA_KEY, OID_RSA_PSS):
            modulus = parse(spki.child(1, 0x03).body[1:]).child(0, 0x02)
            return "RSA", int.from_bytes(modulus.body, "big").bit_length()
        return ("Ed25519", 256) if algorithm == OID_ED25519 else ("other", algorithm)

    @staticmethod
    def _read_extensions(fields):
        found = {}
        for field in fields:
            if field.tag == 0xA3:
                for extension in field.child(0, 0x30).children:
                    found[oid(extension.child(0))] = extension.children[-1].body
        return found

    def may_sign(self):
        """Key usage is stated and allows digitalSignature or nonRepudiation."""
        value = self._extensions.get(OID_KEY_USAGE)
        if value is None:
            return False
        bits = parse(value).body
        return len(bits) > 1 and bool(bits[1] & 0xC0)

    def is_time_stamper(self):
        value = self._extensions.get(OID_EXTENDED_KEY_USAGE)
        return value is not None and any(oid(n) == OID_TIME_STAMPING for n in parse(value).children)

    def is_strong(self):
        if self.key_type == "EC":
            return self.key_detail in ("P-256", "P-384")
        return self.key_type == "RSA" and self.key_detail >= 3072


class SignatureFile:
    """A detached CMS signature, read with every pin of the format applied."""

    def __init__(self, data, anchors):
        signed_data = _signed_data(parse(data))
        parts = list(signed_data.children)
        _demand(len(parts) >= 4, "SignedData has too few parts")
        _demand(parts[0].raw == b"\x02\x01\x01", "SignedData is not version 1")
        self.certificates = []
        self.signer_info = self._split(parts)
        self._check_signer_info(self.signer_info)
        self._check_algorithms(parts[1])
        self._check_chain(anchors)

    def _split(self, parts):
        content = parts[2]
        _demand(content.tag == 0x30 and len(content.children) == 1, "the signature carries its own content")
        _demand(oid(content.child(0)) == OID_DATA, "the content type is not id-data")
        rest = parts[3:]
        if rest and rest[0].tag == 0xA0:
            check_set_order(rest[0].children)
            self.certificates = [Certificate(n.raw) for n in rest.pop(0).children]
        self.has_crls = bool(rest) and rest[0].tag == 0xA1
        if self.has_crls:
            self.crl_issuers = [_crl_issuer(n) for n in rest.pop(0).children]
        _demand(len(rest) == 1 and rest[0].tag == 0x31, "SignedData has unknown parts")
        _demand(len(rest[0].children) == 1, "there is not exactly one SignerInfo")
        return rest[0].child(0, 0x30)

    def _check_signer_info(self, info):
        parts = list(info.children)
        _demand(parts[0].raw == b"\x02\x01\x01", "SignerInfo is not version 1")
        issuer, serial = parts[1].child(0).raw, parts[1].child(1).raw
        matches = [c for c in self.certificates if c.issuer == issuer and c.serial == serial]
        _demand(len(matches) == 1, "the signer's certificate is not in the signature")
        self.signer = matches[0]
        self.digest_algorithm = parts[2]
        _demand(parts[3].tag == 0xA0, "there are no signed attributes")
        check_set_order(parts[3].children)
        self._read_signed(parts[3])
        self.signature_algorithm = parts[4]
        _demand(parts[5].tag == 0x04, "there is no signature value")
        if self.signer.key_type == "EC":
            parse(parts[5].body)
        self._check_unsigned(parts[6:])

    def _read_signed(self, attributes):
        names = [oid(a.child(0)) for a in attributes.children]
        _demand(sorted(names) == sorted(REQUIRED_ATTRIBUTES), "the signed attributes are not exactly the four required")
        values = {}
        for name, attribute in zip(names, attributes.children):
            _demand(len(attribute.child(1, 0x31).children) == 1, f"attribute {name} has not one value")
            values[name] = attribute.child(1).child(0)
        _demand(oid(values[OID_CONTENT_TYPE]) == OID_DATA, "the content-type attribute is not id-data")
        self.signing_time = time(values[OID_SIGNING_TIME])
        self.message_digest = values[OID_MESSAGE_DIGEST].body

    @staticmethod
    def _check_unsigned(parts):
        if not parts:
            return
        _demand(len(parts) == 1 and parts[0].tag == 0xA1, "SignerInfo has unknown parts")
        names = [oid(a.child(0)) for a in parts[0].children]
        _demand(names == [OID_SIGNATURE_TIMESTAMP], "an unsigned attribute is not a signature time-stamp")

    def _check_algorithms(self, digest_set):
        _demand([n.raw for n in digest_set.children] == [self.digest_algorithm.raw],
                "the list of digests is not the signer's digest")
        digest = DIGESTS.get(oid(self.digest_algorithm.child(0)))
        _demand(digest is not None, "the digest is weaker than SHA-256")
        _demand([n.raw for n in self.digest_algorithm.children[1:]] in ([], [b"\x05\x00"]), "the digest has parameters")
        named = oid(self.signature_algorithm.child(0))
        key_type, bound = SIGNATURE_DIGESTS.get(named, (None, None))
        _demand(key_type == self.signer.key_type, "the signature algorithm does not fit the key")
        _demand(bound in (None, digest), "the signature algorithm names another digest")
        parameters = [n.raw for n in self.signature_algorithm.children[1:]]
        if key_type == "EC":
            _demand(parameters == [], "an ECDSA algorithm has parameters")
        elif named != OID_RSA_PSS:
            _demand(parameters == [b"\x05\x00"], "an RSA algorithm lacks its null parameter")

    def _check_chain(self, anchors):
        """Walk from the signer upwards; each certificate must be met on the way.

        OpenSSL prefers the anchor it was given over a certificate of the same
        name inside the signature, so bytes of the latter would go unchecked:
        they have to be the very anchor.
        """
        chain, left = [self.signer], [c for c in self.certificates if c is not self.signer]
        while chain[-1].issuer != chain[-1].subject:
            above = [c for c in left if c.subject == chain[-1].issuer]
            if not above:
                break
            _demand(len(above) == 1, "two certificates of the same name")
            left.remove(above[0])
            chain.append(above[0])
        _demand(not left, "a certificate is not on the signer's chain")
        by_name = {a.subject: a for a in anchors}
        for certificate in chain:
            anchor = by_name.get(certificate.subject)
            _demand(anchor is None or anchor.der == certificate.der,
                    "a certificate differs from the anchor of that name")
            if certificate.issuer == certificate.subject:
                _demand(anchor is not None, "the root in the signature is not a given anchor")
        if self.has_crls:
            issuers = {c.issuer for c in chain} | {c.subject for c in chain}
            _demand(set(self.crl_issuers) <= issuers, "a revocation list is of an issuer off the chain")


def _demand(condition, text):
    if not condition:
        raise DerError(text)


def _crl_issuer(node):
    fields = [n for n in node.child(0, 0x30).children if n.tag != 0x02]
    return fields[1].raw


def _signed_data(node):
    _demand(node.tag == 0x30 and len(node.children) == 2, "not a ContentInfo")
    _demand(oid(node.child(0)) == OID_SIGNED_DATA, "not SignedData")
    wrapper = node.child(1, 0xA0)
    _demand(len(wrapper.children) == 1, "ContentInfo holds more than one value")
    return wrapper.child(0, 0x30)


def token_time(data):
    """genTime of an RFC 3161 token (the token itself is verified with `openssl ts`)."""
    content = _signed_data(parse(data)).child(2, 0x30)
    _demand(oid(content.child(0)) == OID_TST_INFO, "the token holds no TSTInfo")
    info = parse(content.child(1, 0xA0).child(0, 0x04).body)
    return time(info.child(4))
