#include "verification/verify_package.h"

#include <doctest/doctest.h>

#include <fstream>

#include "base/error.h"
#include "test_context.h"
#include "verification/report_output.h"

using namespace evidence;

namespace {

const fs::path vectors = fs::path(EVIDENCE_TESTS_DIR) / "vectors";

// The sample was made on 2026-11-22 at 01:16:38 UTC.
constexpr UtcTime day_after_sample{1'795'400'000'000};

struct SampleCheck {
    test::TestContext context;
    TrustStore trust;
    VerificationOptions options;

    SampleCheck() {
        context.clock.time = day_after_sample;
        trust.add_anchors(vectors / "sample-ca.crt");
        options.trust = &trust;
    }
    VerificationReport verify(const fs::path& package) {
        return verify_package(package, options, context);
    }
};

std::string text_of(const VerificationReport& report) { return report_text(report, true); }

}  // namespace

TEST_CASE("a package made by an independent program passes") {
    SampleCheck check;
    const VerificationReport report = check.verify(vectors / "sample-v1.asice");
    INFO(text_of(report));
    CHECK(report.verdict() == Verdict::total_passed);
    for (Layer layer :
         {Layer::structure, Layer::content, Layer::signature, Layer::identity, Layer::custody}) {
        CHECK(report.findings.heaviest(layer) == Weight::info);
    }
    CHECK(report.findings.has("timestamp.valid"));
    CHECK(report.proven_time == UtcTime::from_seconds(1'795'310'198));
    CHECK(report.time_stamps.size() == 2);
    CHECK(report.objects.size() == 2);
    CHECK(report.objects.at(1).entries == 5);
    CHECK(report.records == 7);
    REQUIRE(report.custody);
    CHECK(report.custody->events == 5);
    CHECK(report.custody->withheld == 1);
}

TEST_CASE("without a trust anchor the same package is indeterminate, and only its identity") {
    SampleCheck check;
    check.options.trust = nullptr;
    const VerificationReport report = check.verify(vectors / "sample-v1.asice");
    INFO(text_of(report));
    CHECK(report.verdict() == Verdict::indeterminate);
    CHECK(report.findings.has("certificate.no-chain"));
    CHECK(report.findings.heaviest(Layer::identity) == Weight::indeterminate);
    CHECK(report.findings.heaviest(Layer::signature) == Weight::info);
    CHECK(report.findings.heaviest(Layer::content) == Weight::info);
}

TEST_CASE("a damaged piece of an image is named by its byte range") {
    SampleCheck check;
    const fs::path copy = check.context.scratch / "copy.asice";
    fs::copy_file(vectors / "sample-v1.asice", copy);
    const VerificationReport before = check.verify(copy);
    const std::uint64_t offset = before.objects.at(0).offset_in_package_bytes + 1'500'000;
    std::fstream stream(copy, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(offset));
    stream.put('!');
    stream.close();
    const VerificationReport report = check.verify(copy);
    INFO(text_of(report));
    CHECK(report.verdict() == Verdict::total_failed);
    CHECK(report.findings.has("payload.digest-mismatch"));
    CHECK(text_of(report).find("1048576-2097151") != std::string::npos);
    CHECK(!report.objects.at(0).intact);
    CHECK(report.objects.at(1).intact);
}

TEST_CASE("a file cut short anywhere fails and never throws") {
    SampleCheck check;
    const fs::path copy = check.context.scratch / "copy.asice";
    fs::copy_file(vectors / "sample-v1.asice", copy);
    for (std::uint64_t size : {2'288'000u, 2'287'000u, 2'260'000u, 2'000'000u, 3'000u, 60u, 31u}) {
        fs::resize_file(copy, size);
        CAPTURE(size);
        CHECK(check.verify(copy).verdict() == Verdict::total_failed);
    }
}

TEST_CASE("a file that is no package is a failure to verify, not a verdict") {
    SampleCheck check;
    const fs::path text = check.context.scratch / "text.txt";
    std::ofstream(text) << "not a package\n";
    CHECK_THROWS_AS(check.verify(text), Error);
}
