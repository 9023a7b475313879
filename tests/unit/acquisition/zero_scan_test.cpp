#include "acquisition/zero_scan.h"

#include <doctest/doctest.h>

#include <string>

using namespace evidence;

namespace {

ZeroReport scan(std::initializer_list<std::string> parts) {
    ZeroScan scan;
    for (const std::string& part : parts) scan.add(as_bytes(part), false);
    return scan.report();
}

const std::string zeros(512, '\0');
const std::string data(512, 'x');

}  // namespace

TEST_CASE("runs of zero sectors are counted, across the parts they come in") {
    const ZeroReport report = scan({zeros + data + zeros, zeros + zeros, data, zeros});
    CHECK(report.zero_bytes == 5 * 512);
    CHECK(report.runs == 3);
    CHECK(report.longest_bytes == 3 * 512);
}

TEST_CASE("a sector with one byte set is no zero sector") {
    for (const std::size_t at : {0, 1, 255, 511}) {
        CAPTURE(at);
        std::string sector = zeros;
        sector[at] = 1;
        CHECK(scan({sector}).zero_bytes == 0);
    }
}

TEST_CASE("a short last sector counts for what it holds") {
    CHECK(scan({data + std::string(100, '\0')}).zero_bytes == 100);
    CHECK(scan({std::string(100, '\0')}).longest_bytes == 100);
    CHECK(scan({}).runs == 0);
}

TEST_CASE("what is known to be zero is taken at its word") {
    ZeroScan scan;
    scan.add(as_bytes(zeros), true);
    scan.add(as_bytes(zeros), false);
    CHECK(scan.report().runs == 1);
    CHECK(scan.report().zero_bytes == 1024);
}
