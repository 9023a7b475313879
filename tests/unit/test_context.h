// A Context that tests control: fixed clock, counting random source, silent progress, and a scratch
// folder that is removed at the end.
#pragma once

#include <stdlib.h>

#include <stdexcept>

#include "base/context.h"
#include "base/file.h"

namespace evidence::test {

class FixedClock : public Clock {
public:
    UtcTime time{1'763'776'538'000};
    UtcTime now() const override { return time; }
    std::string zone() const override { return "+07:00"; }
    std::string source() const override { return "manual"; }
};

// The same bytes in every run, different ones at every call.
class CountingRandom : public RandomSource {
public:
    std::uint64_t counter = 0;
    void fill(MutableByteView bytes) override {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            counter = counter * 6364136223846793005ull + 1442695040888963407ull;
            bytes[i] = static_cast<std::uint8_t>(counter >> 56);
        }
    }
};

class SilentProgress : public ProgressSink {
public:
    void start(std::string_view, std::optional<std::uint64_t>) override {}
    void advance(std::uint64_t) override {}
    void finish() override {}
};

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "evidence-test-XXXXXX").native();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const fs::path& path() const { return path_; }
    fs::path operator/(const fs::path& name) const { return path_ / name; }

private:
    fs::path path_;
};

struct TestContext {
    FixedClock clock;
    CountingRandom random;
    SilentProgress progress;
    std::atomic<bool> interrupted = false;
    TemporaryFolder scratch;
    Context context{clock, random, progress, interrupted, scratch.path()};
    operator const Context&() const { return context; }
};

}  // namespace evidence::test
