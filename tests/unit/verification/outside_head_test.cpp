// Packages and cases held to what others have of their ledger.
#include "verification/outside_head.h"

#include "base/error.h"
#include "case_fixture.h"
#include "test_pki.h"
#include "test_tsa.h"
#include "transfer/signed_statement.h"
#include "verification/package_editor.h"

using namespace evidence;
using test::CaseFixture;
using test::codes_of;
using test::EditedPackage;
using test::failed_codes;
using test::failures;
using test::PackageEditor;
using test::TemporaryFolder;

namespace {

// What findings of the layer outside-heads and about the chain of packages there are.
std::string heads_said(const VerificationReport& report) {
    std::string text;
    for (const Finding& finding : report.findings.all()) {
        if (finding.layer != Layer::outside_heads && !finding.code.starts_with("package.previous"))
            continue;
        text += (text.empty() ? "" : " ") + finding.code;
    }
    return text;
}

// Writes a checkpoint and its signature, as evidence-custody checkpoint -o does.
fs::path write_checkpoint(const fs::path& file, const CheckpointText& head,
                          const SigningIdentity* signer, const Context& context) {
    const std::string text = format_checkpoint(head);
    write_new_file(file, as_bytes(text));
    if (signer) {
        write_new_file(file.native() + ".p7s",
                       sign_detached(as_bytes(text), *signer, context.clock.now()));
    }
    return file;
}

struct CaseWithHeads : CaseFixture {
    TemporaryFolder outside;
    OutsideHeads heads;
    int count = 0;

    CheckpointText head() {
        open();
        const CheckpointText text = opened->ledger().head();
        close();
        return text;
    }
    fs::path checkpoint(const CheckpointText& text, bool is_signed = true) {
        return write_checkpoint(outside / ("cp" + std::to_string(++count)), text,
                                is_signed ? &*identity : nullptr, context);
    }
    JudgedBy judged_by() { return {trust, trust, context.clock.time}; }
    VerificationReport verify_with(const fs::path& head) {
        heads = OutsideHeads();
        heads.add(head, judged_by());
        options.heads = &heads;
        return verify();
    }
    void keep_copy_of_store() { fs::copy(path, folder / "old", fs::copy_options::recursive); }
    void roll_back() {
        fs::remove_all(path);
        fs::rename(folder / "old", path);
    }
};

}  // namespace

TEST_CASE("a case that holds a head extends it") {
    CaseWithHeads fixture;
    const fs::path early = fixture.checkpoint(fixture.head());
    fixture.append(CaseFixture::draft("move", {"NOTE-01"}));
    fixture.options.required.add("outside-head");
    CHECK(heads_said(fixture.verify()) == "custody.no-outside-head");
    VerificationReport report = fixture.verify_with(early);
    INFO(test::text_of(report));
    CHECK(report.verdict() == Verdict::total_passed);
    CHECK(report.layers.contains(Layer::outside_heads));
    CHECK(heads_said(report) == "custody.extends-head");
    report = fixture.verify_with(fixture.checkpoint(fixture.head()));
    CHECK(heads_said(report) == "custody.extends-head");
}

TEST_CASE("a case rolled back to an old copy contradicts the head") {
    CaseWithHeads fixture;
    fixture.keep_copy_of_store();
    fixture.append(CaseFixture::draft("move", {"NOTE-01"}));
    const fs::path head = fixture.checkpoint(fixture.head());
    fixture.roll_back();
    CHECK(fixture.verify().verdict() == Verdict::total_passed);  // nobody could tell
    const VerificationReport report = fixture.verify_with(head);
    CHECK(heads_said(report) == "custody.contradicts-head");
    CHECK(codes_of(report, Weight::failed) == std::set<std::string>{"custody.contradicts-head"});
}

TEST_CASE("a case with another history of the same length contradicts the head") {
    CaseWithHeads fixture;
    fixture.keep_copy_of_store();
    fixture.append(CaseFixture::draft("move", {"NOTE-01"}));
    const fs::path head = fixture.checkpoint(fixture.head());
    fixture.roll_back();
    fixture.append(CaseFixture::draft("label", {"NOTE-01"}));
    CHECK(heads_said(fixture.verify_with(head)) == "custody.contradicts-head");
}

TEST_CASE("whose word a head is, is said") {
    CaseWithHeads fixture;
    CHECK(heads_said(fixture.verify_with(fixture.checkpoint(fixture.head(), false))) ==
          "custody.head-unsigned custody.extends-head");

    fixture.identity = test::test_pki().identity("untrusted");
    CHECK(heads_said(fixture.verify_with(fixture.checkpoint(fixture.head()))) ==
          "custody.head-untrusted custody.extends-head");

    const fs::path replaced = fixture.checkpoint(fixture.head());
    CheckpointText other = fixture.head();
    other.hash[0] ^= 1;
    fs::remove(replaced);
    write_new_file(replaced, as_bytes(format_checkpoint(other)));
    const VerificationReport report = fixture.verify_with(replaced);
    CHECK(heads_said(report) == "custody.head-invalid custody.no-outside-head");
    CHECK(report.verdict() == Verdict::indeterminate);
}

TEST_CASE("a time-stamp beside a head proves its signature after its signer expired") {
    const test::TestTsa tsa;
    CaseWithHeads fixture;
    fixture.identity = test::test_pki().identity("expired");  // in 2020 only
    const fs::path head = fixture.outside / "cp";
    const std::string text = format_checkpoint(fixture.head());
    const Bytes signature = sign_detached(as_bytes(text), *fixture.identity,
                                          parse_utc("2020-06-01T00:00:00.000Z").value());
    write_new_file(head, as_bytes(text));
    write_new_file(head.native() + ".p7s", signature);
    CHECK(heads_said(fixture.verify_with(head)) == "custody.head-untrusted custody.extends-head");
    write_new_file(head.native() + ".tst",
                   tsa.token_at(signature, parse_utc("2020-06-02T00:00:00.000Z").value()));
    CHECK(heads_said(fixture.verify_with(head)) == "custody.extends-head");

    fs::remove(head.native() + ".tst");
    write_new_file(head.native() + ".tst",
                   tsa.token_at(as_bytes(text), parse_utc("2020-06-02T00:00:00.000Z").value()));
    CHECK(heads_said(fixture.verify_with(head)) == "custody.head-untrusted custody.extends-head");
}

TEST_CASE("a folder of heads may hold checkpoints") {
    CaseWithHeads fixture;
    const CheckpointText first = fixture.head();
    fixture.checkpoint(first);
    fixture.append(CaseFixture::draft("move", {"NOTE-01"}));
    fixture.checkpoint(fixture.head());
    CHECK(heads_said(fixture.verify_with(fixture.outside.path())) ==
          "custody.extends-head custody.extends-head");
}

TEST_CASE("what is required is a head whose signer is trusted") {
    CaseWithHeads fixture;
    fixture.options.required.add("outside-head");
    VerificationReport report = fixture.verify_with(fixture.checkpoint(fixture.head()));
    CHECK(report.verdict() == Verdict::total_passed);
    report = fixture.verify_with(fixture.checkpoint(fixture.head(), false));
    CHECK(heads_said(report) ==
          "custody.head-unsigned custody.extends-head custody.no-outside-head");
    CHECK(report.verdict() == Verdict::indeterminate);
    fixture.identity = test::test_pki().identity("untrusted");
    report = fixture.verify_with(fixture.checkpoint(fixture.head()));
    CHECK(heads_said(report) ==
          "custody.head-untrusted custody.extends-head custody.no-outside-head");
    CHECK(report.verdict() == Verdict::indeterminate);
}

TEST_CASE("a head of no events compares with nothing") {
    CaseWithHeads fixture;
    fixture.options.required.add("outside-head");
    CheckpointText start = fixture.head();
    fixture.open();
    start.hash = first_link(fixture.opened->ledger().id());
    fixture.close();
    start.size = 0;
    const VerificationReport report = fixture.verify_with(fixture.checkpoint(start));
    CHECK(heads_said(report) == "custody.extends-head custody.no-outside-head");
    CHECK(report.verdict() == Verdict::indeterminate);
}

TEST_CASE("a head of another ledger compares with nothing") {
    CaseWithHeads fixture;
    CheckpointText other = fixture.head();
    other.origin = ledger_origin(std::string(32, 'a'));
    const VerificationReport report = fixture.verify_with(fixture.checkpoint(other));
    CHECK(heads_said(report) == "custody.foreign-head custody.no-outside-head");
    CHECK(report.verdict() == Verdict::indeterminate);
}

TEST_CASE("what is no head is refused") {
    CaseWithHeads fixture;
    OutsideHeads heads;
    const JudgedBy by = fixture.judged_by();
    CHECK_THROWS_AS(heads.add(fixture.outside / "absent", by), Error);
    CHECK_THROWS_AS(heads.add(fixture.folder / "note.txt", by), Error);
    CHECK_THROWS_AS(heads.add(fixture.outside.path(), by), Error);
    fs::create_symlink(fixture.checkpoint(fixture.head()), fixture.outside / "link");
    CHECK_THROWS_AS(heads.add(fixture.outside / "link", by), Error);
    CHECK(heads.empty());
}

namespace {

struct Packages : EditedPackage {
    OutsideHeads heads;
    Requirements required;
    TemporaryFolder outside;

    // Sealed and recorded, one after another.
    fs::path seal_as(const std::string& name) {
        const test::SealedBytes sealed = fixture.seal();
        fixture.record(sealed.facts);
        write_new_file(outside / name, as_bytes(sealed.bytes));
        return outside / name;
    }
    VerificationReport verify_with(const fs::path& package, const std::vector<fs::path>& given) {
        heads = OutsideHeads();
        const JudgedBy by{trust, trust, fixture.context.clock.time};
        for (const fs::path& head : given) heads.add(head, by);
        VerificationOptions options;
        options.trust = &trust;
        options.heads = &heads;
        options.required = required;
        return verify_package(package, options, fixture.context);
    }
    CheckpointText head() { return fixture.case_folder.ledger().head(); }
};

}  // namespace

TEST_CASE("packages of one case hold each other to one history") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first"), second = check.seal_as("second"),
                   third = check.seal_as("third");
    CHECK(heads_said(check.verify_with(second, {first})) ==
          "custody.extends-head package.previous-agrees");
    CHECK(heads_said(check.verify_with(second, {third})) ==
          "custody.within-head package.previous-not-given");
    CHECK(heads_said(check.verify_with(third, {second, first})) ==
          "custody.extends-head custody.extends-head package.previous-agrees");
    CHECK(heads_said(check.verify_with(first, {first})) ==
          "custody.extends-head custody.no-outside-head");
    // A folder of packages, the one in question among them.
    CHECK(heads_said(check.verify_with(second, {check.outside.path()})) ==
          "custody.extends-head custody.extends-head custody.within-head package.previous-agrees");
    // The one between is missing, so that nobody can say who names the first.
    CHECK(heads_said(check.verify_with(third, {first})) ==
          "custody.extends-head package.previous-not-given package.previous-unnamed");
}

TEST_CASE("a package kept back is noticed by who was given another one") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first"), second = check.seal_as("second"),
                   third = check.seal_as("third");
    const auto weight_of = [](const VerificationReport& report) {
        for (const Finding& finding : report.findings.all()) {
            if (finding.code == "package.previous-not-given") return finding.weight;
        }
        return Weight::failed;
    };
    CHECK(weight_of(check.verify_with(second, {})) == Weight::info);
    CHECK(weight_of(check.verify_with(third, {first})) == Weight::warning);
    CHECK(weight_of(check.verify_with(third, {second})) == Weight::warning);
}

TEST_CASE("each package of the chain is later than the one it names") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first"), second = check.seal_as("second"),
                   third = check.seal_as("third");
    const auto rename_previous = [&](const fs::path& file, const fs::path& previous) {
        PackageEditor package(file);
        PackageDocument document = parse_package_document(package.at("package.json"), "");
        document.previous = PreviousPackage{std::string(64, 'a'),
                                            sha256_hex(PackageEditor(previous).at(manifest_001))};
        package.at("package.json") = format_package_document(document);
        package.reseal(check.fixture.identity, check.fixture.context);
        package.write(file);
    };
    rename_previous(first, second);  // both are earlier than the third, which names the first
    rename_previous(third, first);
    CHECK(heads_said(check.verify_with(third, {first, second})) ==
          "custody.extends-head custody.extends-head package.previous-agrees "
          "package.previous-differs");
}

TEST_CASE("a package is no head for itself") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first"), second = check.seal_as("second");
    CHECK_FALSE(check.verify_with(first, {first}).layers.contains(Layer::outside_heads));
    check.required.add("outside-head");
    VerificationReport report = check.verify_with(first, {first});
    CHECK(heads_said(report) == "custody.extends-head custody.no-outside-head");
    CHECK(report.verdict() == Verdict::indeterminate);
    report = check.verify_with(first, {first, second});
    CHECK(report.layers.contains(Layer::outside_heads));
    CHECK(report.verdict() == Verdict::total_passed);
}

TEST_CASE("a package sealed earlier that no other names is noticed") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const test::SealedBytes hidden = check.fixture.seal();  // its event never came
    write_new_file(check.outside / "hidden", as_bytes(hidden.bytes));
    check.fixture.case_folder.ledger().append(test::event("label", {"DISK-1"}),
                                              check.fixture.author, check.fixture.context);
    const fs::path first = check.seal_as("first");
    const VerificationReport report = check.verify_with(first, {check.outside / "hidden"});
    CHECK(heads_said(report) == "custody.extends-head package.previous-unnamed");
    CHECK(report.verdict() == Verdict::total_passed);
}

TEST_CASE("a package that names a later one as its previous fails") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first"), second = check.seal_as("second");
    PackageEditor package(first);
    PackageDocument document = parse_package_document(package.at("package.json"), "");
    const std::string manifest = PackageEditor(second).at(manifest_001);
    document.previous = PreviousPackage{std::string(64, 'a'), sha256_hex(manifest)};
    package.at("package.json") = format_package_document(document);
    package.reseal(check.fixture.identity, check.fixture.context);
    package.write(first);
    CHECK(heads_said(check.verify_with(first, {second})) ==
          "custody.within-head package.previous-differs");
}

TEST_CASE("a checkpoint of a later time neither confirms nor contradicts a package") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first");
    const fs::path head = write_checkpoint(check.outside / "head", check.head(),
                                           &check.fixture.identity, check.fixture.context);
    const VerificationReport report = check.verify_with(first, {head});
    CHECK(heads_said(report) == "custody.behind-head custody.no-outside-head");
    CHECK(report.verdict() == Verdict::total_passed);
    CHECK_FALSE(report.layers.contains(Layer::outside_heads));
    CHECK(report.findings.all().back().message.starts_with(
        "none of the heads given could be compared"));
}

TEST_CASE("two packages with two histories contradict each other, whichever is longer") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first");
    // Somebody with the key makes another history of the same ledger for another reader.
    PackageEditor package(first);
    PackageDocument document = parse_package_document(package.at("package.json"), "");
    document.ledger_link[0] ^= 1;
    package.at("package.json") = format_package_document(document);
    CheckpointText head = parse_checkpoint(package.at("custody/checkpoint"), "");
    head.hash[0] ^= 1;
    package.at("custody/checkpoint") = format_checkpoint(head);
    package.reseal(check.fixture.identity, check.fixture.context);
    package.write(check.outside / "forged");
    CHECK(heads_said(check.verify_with(first, {check.outside / "forged"})) ==
          "custody.contradicts-head");
}

TEST_CASE("an earlier package with another history contradicts a later one") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first"), second = check.seal_as("second");
    PackageEditor package(first);
    std::string& ledger = package.at("custody/ledger.jsonl");
    const std::size_t link = ledger.rfind("\"link\":\"") + 8;
    ledger[link] = ledger[link] == 'a' ? 'b' : 'a';
    package.write(first);
    CHECK(heads_said(check.verify_with(first, {second})) == "custody.contradicts-head");
}

TEST_CASE("a later package whose events do not lead to its checkpoint shows nothing") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first"), second = check.seal_as("second");
    PackageEditor package(second);
    std::string& ledger = package.at("custody/ledger.jsonl");
    const std::size_t tags = ledger.rfind("\"tags\":\"") + 8;
    ledger[tags] = ledger[tags] == '0' ? '1' : '0';
    package.write(second);
    CHECK(heads_said(check.verify_with(first, {second})) ==
          "custody.behind-head custody.no-outside-head");
}

TEST_CASE("a package whose signature does not hold is no head") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first"), second = check.seal_as("second");
    PackageEditor package(first);
    package.at("package.json")[20] ^= 1;
    package.write(first);
    CHECK(heads_said(check.verify_with(second, {first})) ==
          "custody.head-invalid custody.no-outside-head package.previous-not-given");
}

TEST_CASE("a receipt confirms the package it names") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first");
    Answer answer;
    answer.at = check.fixture.context.clock.time;
    answer.manifest_sha256 = sha256_hex(PackageEditor(first).at(manifest_001));
    answer.conditions_sha256 = std::string(64, 'c');
    answer.offer_sha256 = answer.offer_signature_sha256 = std::string(64, 'a');
    answer.package = {std::string(64, 'b'), 1};
    const SigningIdentity recipient = test::test_pki().identity("good-ec");
    answer.recipient = recipient.certificate.fingerprint();
    answer.transfer = "11111111-2222-4333-8444-555555555555";
    answer.verdict = Verdict::total_passed;
    const SignedStatement receipt =
        sign_statement(format_answer(answer), recipient, check.fixture.context.clock.time);
    store_statement(check.outside.path(), StatementKind::receipt, receipt);
    const fs::path file = check.outside / "receipt.json";
    CHECK(heads_said(check.verify_with(first, {file})) ==
          "custody.head-untrusted custody.extends-head");
    const fs::path second = check.seal_as("second");
    CHECK(heads_said(check.verify_with(second, {file})) ==
          "custody.head-untrusted custody.foreign-head custody.no-outside-head "
          "package.previous-not-given");
    fs::remove(check.outside / "receipt.p7s");
    CHECK(heads_said(check.verify_with(first, {file})) ==
          "custody.head-unsigned custody.extends-head");
}

TEST_CASE("the packages of a case are held to the order of their seals") {
    Packages check;
    check.fixture.add_image("DISK-1", "bytes");
    const fs::path first = check.seal_as("first"), second = check.seal_as("second");
    const fs::path kept = check.fixture.case_folder.packages_folder();
    create_folders(kept);
    fs::copy_file(first, kept / "first.asice");
    fs::copy_file(second, kept / "second.asice");
    VerificationOptions options;
    options.trust = &check.trust;
    const auto verify = [&] {
        return verify_case(check.fixture.case_folder.folder(), options, check.fixture.context);
    };
    CHECK(failures(verify()) == "");

    PackageEditor package(second);
    PackageDocument document = parse_package_document(package.at("package.json"), "");
    document.previous.reset();
    package.at("package.json") = format_package_document(document);
    package.reseal(check.fixture.identity, check.fixture.context);
    package.write(kept / "second.asice");
    VerificationReport report = verify();
    CHECK(failed_codes(report) == "package.previous-differs");
    CHECK(report.findings.has("custody.seal-not-recorded"));

    // A package of this ledger that has another history.
    CheckpointText head = parse_checkpoint(package.at("custody/checkpoint"), "");
    head.hash[0] ^= 1;
    package.at("custody/checkpoint") = format_checkpoint(head);
    package.reseal(check.fixture.identity, check.fixture.context);
    package.write(kept / "second.asice");
    CHECK(failed_codes(verify()) == "custody.head-mismatch package.previous-differs");
}
