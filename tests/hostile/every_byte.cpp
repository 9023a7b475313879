// Changes each single byte of a package in turn and verifies the result: no change may go unseen.
//
//     every_byte PACKAGE TRUST_ANCHOR              every byte of the file
//     every_byte PACKAGE TRUST_ANCHOR signatures   bytes of the signature files, CRC repaired
//
// In the second mode the ZIP stays perfect, so that only what checks signatures can notice. A
// change may pass there only when it changes nothing that anybody is told: same signer, same facts.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"
#include "digest/crc32.h"
#include "package/zip_reader.h"
#include "unit/test_context.h"
#include "verification/report_output.h"
#include "verification/verify_package.h"

namespace {

using namespace evidence;

constexpr std::uint8_t signature_masks[] = {0x01, 0x80};

std::string slurp(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// The moment of the test: packages made just before must not lie in the future.
UtcTime now() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

// Verifies variants of one package, each written over the same scratch file.
class Verifier {
public:
    explicit Verifier(const fs::path& anchor) : file_(context_.scratch / "variant.asice") {
        trust_.add_anchors(anchor);
        context_.clock.time = now();
    }

    // nullopt when it is not even recognised as a package (exit status 4).
    std::optional<VerificationReport> verify(const std::string& package) {
        std::ofstream(file_, std::ios::binary | std::ios::trunc) << package;
        VerificationOptions options;
        options.trust = &trust_;
        try {
            return verify_package(file_, options, context_);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::malformed) throw;
            return std::nullopt;
        }
    }

private:
    test::TestContext context_;
    fs::path file_;
    TrustStore trust_;
};

// What a reader is told, without when and about which file.
std::string facts(const VerificationReport& report) {
    Json json = report_json(report);
    json.set("checked_at", Json());
    return canonical(json);
}

struct Change {
    std::size_t offset;
    std::uint8_t mask;
};

std::vector<Change> changes_of_range(std::size_t first, std::size_t end) {
    std::vector<Change> changes;
    for (std::size_t offset = first; offset < end; ++offset) {
        for (std::uint8_t mask : signature_masks) changes.push_back({offset, mask});
    }
    return changes;
}

struct SignatureFiles {
    std::vector<ZipEntry> entries;
    std::uint64_t directory_offset = 0;
};

SignatureFiles find_signatures(const fs::path& package) {
    const File file = File::open_read(package);
    Findings findings;
    const ZipStructure structure = read_zip_structure(file, findings);
    SignatureFiles signatures{{}, structure.directory_offset};
    for (const ZipEntry& entry : structure.entries) {
        if (entry.name.ends_with(".p7s")) signatures.entries.push_back(entry);
    }
    return signatures;
}

// Makes local header and directory record fit the changed content.
void repair_crc(std::string& package, const ZipEntry& entry, std::uint64_t directory_offset) {
    ZipEntry repaired = entry;
    repaired.crc32 = crc32(
        0, as_bytes(std::string_view(package).substr(static_cast<std::size_t>(entry.data_offset()),
                                                     static_cast<std::size_t>(entry.size))));
    const std::string header = local_header(entry.name, entry.size, repaired.crc32);
    package.replace(static_cast<std::size_t>(entry.header_offset), header.size(), header);
    const std::string old_record = directory_record(entry), record = directory_record(repaired);
    const std::size_t position =
        package.find(old_record, static_cast<std::size_t>(directory_offset));
    if (position == std::string::npos) throw std::runtime_error("no directory record");
    package.replace(position, record.size(), record);
}

class Attack {
public:
    Attack(fs::path package, fs::path anchor, bool signatures_only)
        : path_(std::move(package)), anchor_(std::move(anchor)), original_(slurp(path_)) {
        if (signatures_only) {
            signatures_ = find_signatures(path_);
            for (const ZipEntry& entry : signatures_.entries) {
                for (const Change& change :
                     changes_of_range(static_cast<std::size_t>(entry.data_offset()),
                                      static_cast<std::size_t>(entry.end_offset()))) {
                    changes_.push_back(change);
                }
            }
        } else {
            for (std::size_t offset = 0; offset < original_.size(); ++offset) {
                changes_.push_back({offset, static_cast<std::uint8_t>(1 << offset % 8)});
            }
        }
        const std::optional<VerificationReport> report = Verifier(anchor_).verify(original_);
        if (!report || report->verdict() != Verdict::total_passed) {
            throw std::runtime_error("the unchanged package does not pass");
        }
        // The scratch path differs between threads.
        original_facts_ = without_target(*report);
    }

    // The number of changes that nobody noticed.
    std::size_t run() {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < std::max(2u, std::thread::hardware_concurrency()); ++i) {
            threads.emplace_back([this] { work(); });
        }
        threads.clear();
        fmt::print("{} changes tried, {} unnoticed\n", changes_.size(), unnoticed_.load());
        return changes_.empty() ? 1 : unnoticed_.load();
    }

private:
    static std::string without_target(VerificationReport report) {
        report.target.clear();
        return facts(report);
    }

    void work() {
        Verifier verifier(anchor_);
        for (std::size_t i = next_++; i < changes_.size(); i = next_++) {
            const Change& change = changes_[i];
            std::string package = original_;
            package[change.offset] = static_cast<char>(package[change.offset] ^ change.mask);
            for (const ZipEntry& entry : signatures_.entries) {
                repair_crc(package, entry, signatures_.directory_offset);
            }
            judge(change, verifier.verify(package));
        }
    }

    void judge(const Change& change, const std::optional<VerificationReport>& report) {
        if (!report || report->verdict() == Verdict::total_failed) return;
        if (!signatures_.entries.empty() && without_target(*report) == original_facts_) return;
        ++unnoticed_;
        fmt::print("byte {} xor {:#04x}: {}\n", change.offset, change.mask,
                   name_of(report->verdict()));
    }

    fs::path path_, anchor_;
    std::string original_;
    SignatureFiles signatures_;
    std::vector<Change> changes_;
    std::string original_facts_;
    std::atomic<std::size_t> next_ = 0, unnoticed_ = 0;
};

}  // namespace

int main(int argc, char** argv) try {
    if (argc < 3) return 2;
    return Attack(argv[1], argv[2], argc > 3).run() == 0 ? 0 : 1;
} catch (const std::exception& error) {
    fmt::print(stderr, "every_byte: {}\n", error.what());
    return 1;
}
