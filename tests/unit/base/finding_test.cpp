#include "base/finding.h"

#include <doctest/doctest.h>

namespace evidence {
namespace {

Finding of(Weight weight, Layer layer = Layer::content) {
    return {"code", layer, weight, "text", ""};
}

}  // namespace

TEST_CASE("the heaviest finding decides, in whatever order they come") {
    Findings findings;
    CHECK(findings.verdict() == Verdict::total_passed);
    findings.add(of(Weight::info));
    findings.add(of(Weight::warning));
    CHECK(findings.verdict() == Verdict::total_passed);
    findings.add(of(Weight::indeterminate));
    CHECK(findings.verdict() == Verdict::indeterminate);
    findings.add(of(Weight::failed));
    CHECK(findings.verdict() == Verdict::total_failed);
    CHECK(findings.has_failure());
    findings.add(of(Weight::indeterminate));
    CHECK(findings.verdict() == Verdict::total_failed);
}

TEST_CASE("a code is kept a hundred times and counted beyond that") {
    Findings findings;
    for (std::size_t i = 0; i < Findings::max_per_code + 5; ++i) findings.add(of(Weight::info));
    CHECK(findings.all().size() == Findings::max_per_code);
    CHECK(findings.dropped() == 5);
    findings.add("other", Layer::custody, Weight::info, "text");
    CHECK(findings.all().size() == Findings::max_per_code + 1);
}

TEST_CASE("a dropped finding still decides, for the whole and for its layer") {
    Findings findings;
    for (std::size_t i = 0; i < Findings::max_per_code; ++i) findings.add(of(Weight::info));
    findings.add(of(Weight::failed, Layer::custody));
    CHECK(findings.dropped() == 1);
    CHECK(findings.verdict() == Verdict::total_failed);
    CHECK(findings.heaviest(Layer::custody) == Weight::failed);
    CHECK(findings.heaviest(Layer::content) == Weight::info);
}

TEST_CASE("appending keeps findings, counts and weights") {
    Findings all, part;
    for (std::size_t i = 0; i < Findings::max_per_code; ++i) part.add(of(Weight::info));
    part.add(of(Weight::failed, Layer::time));
    all.add("first", Layer::legal, Weight::warning, "text", "where");
    all.append(part);
    all.append(part);
    CHECK(all.has("first"));
    CHECK(all.has("code"));
    CHECK_FALSE(all.has("none"));
    CHECK(all.verdict() == Verdict::total_failed);
    CHECK(all.heaviest(Layer::time) == Weight::failed);
    CHECK(all.heaviest(Layer::legal) == Weight::warning);
    CHECK(all.all().size() == 1 + Findings::max_per_code);
    CHECK(all.dropped() == Findings::max_per_code + 2);
}

TEST_CASE("names are those of the report") {
    CHECK(name_of(Layer::outside_heads) == "outside-heads");
    CHECK(name_of(Weight::indeterminate) == "indeterminate");
    CHECK(name_of(Verdict::total_failed) == "TOTAL-FAILED");
}

}  // namespace evidence
