// What a drill works on: a folder of its own with a case, a disk of known content, the device made
// of it, and the list of what was expected and found. Private to the drills.
//
// Thread rule: belongs to one thread.
#pragma once

#include "acquisition/drill.h"
#include "acquisition/drill_device.h"

namespace evidence {

class DrillBench {
public:
    DrillBench(const ToolDetails& tool, const Acquirer& acquirer, const Context& context);
    ~DrillBench();  // removes the folder
    DrillBench(const DrillBench&) = delete;
    DrillBench& operator=(const DrillBench&) = delete;

    const Context& context() const { return context_; }
    const std::vector<DrillStep>& steps() const { return steps_; }

    // A new disk: bytes that differ everywhere, no sector of them zeros.
    void make_disk(std::uint64_t size_bytes);
    fs::path disk() const { return folder_ / "disk.img"; }
    // The disk with zeros over these ranges: what its image has to be.
    fs::path expected_image(const std::vector<BadRange>& zeros);
    std::string sha256_of(const fs::path& file) const;

    // The request for an item of the disk, read through `device`.
    AcquireRequest request(const std::string& item, DrillDevice& device) const;
    // What came of it: the item, or the failure.
    struct Outcome {
        std::optional<AcquiredItem> item;
        std::string failure;
    };
    Outcome acquire(const AcquireRequest& request) const;

    fs::path item_folder(const std::string& item) const;
    fs::path object(const std::string& item) const { return item_folder(item) / "file.bin"; }
    bool is_resumable(const std::string& item) const;
    std::uint64_t events_of_type(std::string_view type) const;

    void expect(std::string step, std::string expected, std::string found);
    void expect_same_bytes(const std::string& item, const fs::path& expected_image);
    // Neither an item, nor an acquire event: a failure that is recorded, or leaves no trace.
    void expect_nothing_acquired(const std::string& item);

private:
    const ToolDetails& tool_;
    const Acquirer& acquirer_;
    const Context& context_;
    fs::path folder_;
    std::vector<DrillStep> steps_;
};

}  // namespace evidence
