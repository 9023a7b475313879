// What a package's time-stamps prove, and what is said of those that prove nothing.
#include "signature/openssl_handles.h"
#include "test_tsa.h"
#include "verification/package_editor.h"
#include "verification/sub_indication.h"

using namespace evidence;
using test::failed_codes;
using test::failures;
using test::PackageEditor;

namespace {

constexpr std::int64_t minute_ms = 60 * 1000, year_ms = std::int64_t{365} * 86'400'000;

UtcTime later(UtcTime time, std::int64_t by_ms) { return {time.milliseconds + by_ms}; }

struct Fixture : test::EditedPackage {
    const test::TestTsa tsa;
    TrustStore authorities;
    VerificationOptions options;
    const UtcTime sealed_at = fixture.context.clock.time;

    Fixture() {
        fixture.add_image("DISK-1", "bytes");
        authorities.add_anchors(test::test_pki().path("root.pem"));
        options.trust = &trust;
        options.authorities = &authorities;
    }
    test::FixedClock& clock() { return fixture.context.clock; }

    PackageEditor announced() {
        PackageEditor package = seal();
        PackageDocument document = parse_package_document(package.at("package.json"), "");
        document.timestamp = TimestampPolicy::later;
        package.at("package.json") = format_package_document(document);
        package.reseal(fixture.identity, fixture.context);
        return package;
    }
    // The manifest of a time-stamp as it must be when the package ends here.
    static std::string manifest_for(PackageEditor& package, unsigned number) {
        const std::string of = "00" + std::to_string(number - 2);
        return asic_manifest("META-INF/timestamp00" + std::to_string(number) + ".tst",
                             package.files_where([&](std::string_view name) {
                                 return number >= 5 ||
                                        name == "META-INF/ASiCManifest" + of + ".xml" ||
                                        name == "META-INF/signature" + of + ".p7s";
                             }));
    }
    void append(PackageEditor& package, unsigned number, UtcTime at,
                const std::string& authority = "tsa") {
        const std::string digits = "00" + std::to_string(number);
        const std::string manifest = manifest_for(package, number);
        package.append(std::string("META-INF/ASiC") + (number >= 5 ? "Archive" : "") + "Manifest" +
                           digits + ".xml",
                       manifest);
        const Bytes token = tsa.token_at(as_bytes(manifest), at, authority);
        package.append("META-INF/timestamp" + digits + ".tst", std::string(as_text(token)));
    }
    PackageEditor stamped(UtcTime at, const std::string& authority = "tsa") {
        PackageEditor package = announced();
        append(package, 3, at, authority);
        append(package, 4, at, authority);
        return package;
    }
    VerificationReport check(const PackageEditor& package) {
        package.write(path);
        return verify_package(path, options, fixture.context);
    }
};

}  // namespace

TEST_CASE("a trusted token proves when the signature existed, and is told as such") {
    Fixture test;
    const UtcTime at = later(test.sealed_at, minute_ms);
    const VerificationReport report = test.check(test.stamped(at));
    INFO(failures(report));
    CHECK(failed_codes(report) == "");
    CHECK(report.findings.has("timestamp.valid"));
    CHECK(report.proven_time == UtcTime::from_seconds(at.seconds()));
    REQUIRE(report.time_stamps.size() == 2);
    CHECK(report.time_stamps[0].where == "META-INF/timestamp003.tst");
    CHECK(report.time_stamps[0].trusted);
    CHECK(report_text(report, false).find("it was there, says CN=tsa") != std::string::npos);
    CHECK(report_json(report).at("package").at("proven_time").string() ==
          format_utc(*report.proven_time));
}

TEST_CASE("what happens to the signer's certificate after the proven time does no harm") {
    Fixture test;
    const PackageEditor stamped = test.stamped(test.sealed_at);
    test.clock().time = later(test.sealed_at, 6 * year_ms);  // it was valid for five
    CHECK(failed_codes(test.check(stamped)) == "");
    test.options.authorities = &test.trust;  // nobody to believe the time from
    CHECK(failed_codes(test.check(stamped)) == "certificate.expired timestamp.no-chain");
}

TEST_CASE("an archive time-stamp proves the signatures before it") {
    Fixture test;
    PackageEditor package = test.announced();
    test.append(package, 3, test.sealed_at, "tsa-untrusted");
    test.append(package, 4, test.sealed_at, "tsa-untrusted");
    test.append(package, 5, later(test.sealed_at, year_ms));
    test.clock().time = later(test.sealed_at, 6 * year_ms);
    const VerificationReport report = test.check(package);
    CHECK_FALSE(report.findings.has("certificate.expired"));
    CHECK(report.proven_time == UtcTime::from_seconds(later(test.sealed_at, year_ms).seconds()));
}

TEST_CASE("an expired authority proves nothing, unless a newer time-stamp covers its own") {
    Fixture test;
    PackageEditor package = test.stamped(test.sealed_at);
    const auto expired = [&](const PackageEditor& edited) {
        const VerificationReport report = test.check(edited);
        std::string names;
        for (const Finding& finding : report.findings.all()) {
            const std::string name = finding.code + " " + finding.where + " ";
            // The certificates above have expired as well.
            if (finding.weight < Weight::indeterminate || names.ends_with(name)) continue;
            names += name;
        }
        CHECK(report.proven_time.has_value() == names.empty());
        if (!names.empty()) CHECK(sub_indication_of(report.findings) == "OUT_OF_BOUNDS_NO_POE");
        return names;
    };
    test.clock().time = later(test.sealed_at, 24 * year_ms);  // all are good until the end of 2049
    CHECK(expired(package) == "");
    test.clock().time = later(test.sealed_at, 26 * year_ms);
    const std::string signer =
        "certificate.expired META-INF/signature001.p7s certificate.expired "
        "META-INF/signature002.p7s ";
    CHECK(expired(package) ==
          "timestamp.authority-expired META-INF/timestamp003.tst timestamp.authority-expired "
          "META-INF/timestamp004.tst " +
              signer);
    test.append(package, 5, later(test.sealed_at, 20 * year_ms));
    CHECK(expired(package) ==
          "timestamp.authority-expired META-INF/timestamp003.tst timestamp.authority-expired "
          "META-INF/timestamp004.tst timestamp.authority-expired META-INF/timestamp005.tst " +
              signer);
}

TEST_CASE("renewed in time, a package outlives its signer, its authority and the first renewal") {
    Fixture test;
    const auto year = [](int number) {
        return *parse_utc(std::to_string(number) + "-06-01T00:00:00.000Z");
    };
    const PackageEditor fresh = test.stamped(test.sealed_at, "tsa-2030");
    PackageEditor once = fresh;
    test.append(once, 5, year(2029), "tsa-2040");
    PackageEditor twice = once;
    test.append(twice, 6, year(2039), "tsa");

    const auto outcome = [&](const PackageEditor& package, int number) {
        test.clock().time = year(number);
        const VerificationReport report = test.check(package);
        const std::string sub_indication(sub_indication_of(report.findings));
        if (sub_indication.empty()) {
            CHECK(report.proven_time == UtcTime::from_seconds(test.sealed_at.seconds()));
        }
        return std::string(name_of(report.verdict())) + " " + sub_indication;
    };
    CHECK(outcome(fresh, 2028) == "TOTAL-PASSED ");
    CHECK(outcome(fresh, 2031) == "INDETERMINATE OUT_OF_BOUNDS_NO_POE");
    CHECK(outcome(once, 2031) == "TOTAL-PASSED ");  // the signer's certificate ended in 2030
    CHECK(outcome(once, 2041) == "INDETERMINATE OUT_OF_BOUNDS_NO_POE");
    CHECK(outcome(twice, 2041) == "TOTAL-PASSED ");
    CHECK(outcome(twice, 2050) == "INDETERMINATE OUT_OF_BOUNDS_NO_POE");

    PackageEditor late = fresh;
    test.append(late, 5, year(2031), "tsa-2040");
    CHECK(outcome(late, 2032) == "INDETERMINATE OUT_OF_BOUNDS_NO_POE");
}

TEST_CASE("an archive manifest may list by a stronger digest, of every file before it") {
    Fixture test;
    const auto with_archive = [&](Algorithm algorithm, const std::string& change) {
        test.clock().time = test.sealed_at;
        PackageEditor package = test.stamped(test.sealed_at);
        std::string manifest = asic_manifest_head("META-INF/timestamp005.tst");
        for (const auto& [name, content] : package.entries()) {
            Hasher hasher(algorithm);
            hasher.update(as_bytes(name == change ? content + "x" : content));
            manifest += asic_manifest_line(name, algorithm, hasher.finish());
        }
        manifest += asic_manifest_tail;
        if (change == "shape") manifest += "\n";
        package.append("META-INF/ASiCArchiveManifest005.xml", manifest);
        package.append("META-INF/timestamp005.tst",
                       std::string(as_text(test.tsa.token_at(
                           as_bytes(manifest), later(test.sealed_at, year_ms), "tsa", algorithm))));
        test.clock().time = later(test.sealed_at, 2 * year_ms);
        return test.check(package);
    };
    for (const Algorithm algorithm : {Algorithm::sha256, Algorithm::sha384, Algorithm::sha512}) {
        CAPTURE(name_of(algorithm));
        const VerificationReport report = with_archive(algorithm, "");
        INFO(failures(report));
        CHECK(failed_codes(report) == "");
        CHECK(report.time_stamps.size() == 3);
        CHECK(failed_codes(with_archive(algorithm, "data/000001.img")) ==
              "manifest.digest-mismatch");
        CHECK(failed_codes(with_archive(algorithm, "META-INF/timestamp004.tst")) ==
              "manifest.digest-mismatch");
        CHECK(failed_codes(with_archive(algorithm, "shape")) == "manifest.malformed");
    }
}

TEST_CASE("an archive time-stamp is not older than what it covers") {
    Fixture test;
    PackageEditor package = test.stamped(later(test.sealed_at, 10 * minute_ms));
    test.clock().time = later(test.sealed_at, year_ms);
    PackageEditor right = package;
    test.append(right, 5, later(test.sealed_at, 6 * minute_ms));
    CHECK(failed_codes(test.check(right)) == "");
    test.append(package, 5, later(test.sealed_at, 4 * minute_ms));
    CHECK(failed_codes(test.check(package)) == "timestamp.wrong-order");
}

TEST_CASE("anchors of time-stamps are those of the signers unless given apart") {
    Fixture test;
    const PackageEditor stamped = test.stamped(test.sealed_at);
    CHECK(failed_codes(test.check(stamped)) == "");
    test.options.authorities = nullptr;
    VerificationReport report = test.check(stamped);
    CHECK(failed_codes(report) == "timestamp.no-chain");
    CHECK_FALSE(report.proven_time);
    CHECK(report_text(report, false).find("no time-stamp that holds") != std::string::npos);
    test.trust.add_anchors(test::test_pki().path("root.pem"));
    CHECK(failed_codes(test.check(stamped)) == "");
}

TEST_CASE("tokens for other data and of the wrong people prove nothing") {
    Fixture test;
    PackageEditor swapped = test.stamped(test.sealed_at);
    std::swap(swapped.at("META-INF/timestamp003.tst"), swapped.at("META-INF/timestamp004.tst"));
    VerificationReport report = test.check(swapped);
    CHECK(failed_codes(report) == "timestamp.wrong-content");
    CHECK_FALSE(report.proven_time);
    report = test.check(test.stamped(test.sealed_at, "tsa-two-usages"));
    CHECK(report.findings.has("timestamp.wrong-usage"));
    CHECK_FALSE(report.proven_time);
    report = test.check(test.stamped(test.sealed_at, "tsa-expired"));
    CHECK(report.findings.has("timestamp.expired"));
    CHECK_FALSE(report.proven_time);
}

TEST_CASE("a token over a manifest that is not the right one proves nothing") {
    Fixture test;
    PackageEditor package = test.announced();
    const std::string manifest = Fixture::manifest_for(package, 3) + "\n";
    package.append("META-INF/ASiCManifest003.xml", manifest);
    package.append("META-INF/timestamp003.tst",
                   std::string(as_text(test.tsa.token_at(as_bytes(manifest), test.sealed_at))));
    test.append(package, 4, test.sealed_at);
    const VerificationReport report = test.check(package);
    CHECK(failed_codes(report) == "manifest.malformed");
    CHECK_FALSE(report.proven_time);
}

TEST_CASE("signing-time and time-stamp agree within five minutes, the future apart") {
    Fixture test;
    test.clock().time = later(test.sealed_at, 20 * minute_ms);
    const UtcTime resealed_at = test.clock().time;
    const auto codes = [&](std::int64_t minutes_before) {
        test.clock().time = resealed_at;
        const PackageEditor stamped = test.stamped(later(resealed_at, -minutes_before * minute_ms));
        test.clock().time = later(resealed_at, 60 * minute_ms);
        const VerificationReport report = test.check(stamped);
        REQUIRE(report.time_stamps.size() == 2);
        CHECK(report.time_stamps[0].trusted == report.proven_time.has_value());
        return failed_codes(report);
    };
    CHECK(codes(-30) == "");
    CHECK(codes(4) == "");
    CHECK(codes(6) == "time.inconsistent");
    CHECK(codes(-64) == "");
    CHECK(codes(-66) == "time.inconsistent");
}

TEST_CASE("a time-stamp that is asked for and absent weighs") {
    Fixture test;
    const PackageEditor plain = test.seal();
    CHECK(failed_codes(test.check(plain)) == "");
    test.options.required.names = {Requirement::timestamp};
    CHECK(failed_codes(test.check(plain)) == "timestamp.absent");
    CHECK(failed_codes(test.check(test.announced())) == "timestamp.absent");
    CHECK(failed_codes(test.check(test.stamped(test.sealed_at))) == "");
}

TEST_CASE("a signature-time-stamp inside the signature file proves it as well") {
    Fixture test;
    PackageEditor package = test.seal();
    std::string& file = package.at(signature_001);
    const std::string& manifest = package.at(manifest_001);
    const DetachedSignature bare = check_detached(as_bytes(file), as_bytes(manifest), "");
    const auto with_token = [&](const Bytes& token) {
        const unsigned char* position = as_bytes(file).data();
        const CmsHandle cms(
            d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(file.size())));
        CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms.get()), 0);
        REQUIRE(CMS_unsigned_add1_attr_by_txt(signer, "1.2.840.113549.1.9.16.2.14", V_ASN1_SEQUENCE,
                                              token.data(), static_cast<int>(token.size())) == 1);
        const Bytes der = der_of<i2d_CMS_ContentInfo>(cms.get(), "cms");
        return std::string(as_text(der));
    };
    PackageEditor wrong = package;
    wrong.at(signature_001) =
        with_token(test.tsa.token_at(as_bytes("something else"), test.sealed_at));
    CHECK(failed_codes(test.check(wrong)) == "timestamp.wrong-content");
    file = with_token(test.tsa.token_at(bare.signature_value, test.sealed_at));
    const VerificationReport report = test.check(package);
    CHECK(failed_codes(report) == "");
    CHECK(report.proven_time == UtcTime::from_seconds(test.sealed_at.seconds()));
}
