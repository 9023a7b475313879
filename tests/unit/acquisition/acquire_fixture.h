// A case to acquire into, sources to acquire, and a progress sink that lets a test act in the
// middle of an acquisition.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "acquisition/acquire.h"
#include "acquisition/tar_entries.h"
#include "base/error.h"
#include "base/hex.h"
#include "custody/case_folder.h"
#include "test_context.h"

namespace evidence::test {

// Calls `on_advance` whenever bytes were read, `on_finish` at the end of each stretch.
class HookedProgress : public ProgressSink {
public:
    std::function<void()> on_advance, on_finish;
    std::vector<std::string> started;
    std::optional<std::uint64_t> total_bytes;  // of what was started last
    void start(std::string_view what, std::optional<std::uint64_t> total) override {
        started.emplace_back(what);
        total_bytes = total;
    }
    void advance(std::uint64_t) override {
        if (on_advance) on_advance();
    }
    void finish() override {
        if (on_finish) on_finish();
    }
};

inline void write_file(const fs::path& path, std::string_view content) {
    File file = File::adopt(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644),
                            path.native());
    if (!file.is_open()) throw std::runtime_error("cannot write " + path.native());
    file.write(as_bytes(content));
}

inline std::string read_file(const fs::path& path) {
    File file = File::open_read(path);
    std::string text(file.size(), '\0');
    file.read_some({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return text;
}

// Bytes that differ everywhere, the same in every run.
inline std::string noise(std::size_t size) {
    std::string text(size, '\0');
    CountingRandom random;
    random.fill({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return text;
}

inline std::vector<std::string> lines_of(const fs::path& path) {
    std::vector<std::string> lines;
    if (!fs::exists(path)) return lines;
    const std::string text = read_file(path);
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

// What read_tar_entries() says, in the form of index.jsonl.
inline std::vector<std::string> index_from_tar(const fs::path& tar, std::string_view item) {
    File file = File::open_read(tar);
    std::vector<std::string> lines;
    read_tar_entries(
        [&file](MutableByteView buffer) { return file.read_some(buffer); }, item, tar.native(),
        [&lines](TarEntry entry) {
            Json at = Json::object({});
            if (entry.offset_bytes) at.set("offset_bytes", *entry.offset_bytes);
            lines.push_back(canonical(
                Json::object({{"at", std::move(at)}, {"record", std::move(entry.record)}})));
        });
    return lines;
}

struct AcquireFixture {
    FixedClock clock;
    CountingRandom random;
    HookedProgress progress;
    std::atomic<bool> interrupted = false;
    TemporaryFolder scratch;
    Context context{clock, random, progress, interrupted, scratch.path()};
    CaseFolder folder;

    AcquireFixture() : folder(make_case()) { fs::create_directory(scratch / "source"); }

    EventAuthor author() const { return {{"Lan", "Agency", "officer", "", ""}, nullptr}; }

    CaseFolder make_case() {
        EventDraft open;
        open.type = "open";
        return CaseFolder::create(scratch / "case", {"HN-7", "Test", "Lan", "", ""}, author(), open,
                                  context);
    }

    fs::path source() const { return scratch / "source"; }
    fs::path item(const std::string& id) const { return folder.item_folder(id); }

    AcquireRequest request(const fs::path& from) const {
        AcquireRequest request;
        request.source = from.native();
        request.item_id = "X-1";
        request.author = author();
        request.event.place = "Ha Noi";
        request.tool = {"evidence-acquire", "test", ""};
        return request;
    }

    AcquiredItem acquire(const fs::path& from) {
        return evidence::acquire(folder, request(from), context);
    }

    Json record(const std::string& id) const {
        return parse_canonical_document(read_file(item(id) / "acquisition.json"), id);
    }

    // The last event of the ledger.
    Event last_event() const {
        const std::uint64_t size = folder.ledger().head().size;
        std::optional<Event> event;
        folder.ledger().visit(size - 1, size, [&](const LedgerLine& line) { event = line.event; });
        return *event;
    }

    // Everything below items/, to show that a failure left nothing.
    std::vector<std::string> item_names() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder.folder() / "items")) {
            names.push_back(entry.path().filename().native());
        }
        return names;
    }

    // The error of an acquisition that must fail.
    Error failure_of(const AcquireRequest& wanted) {
        try {
            evidence::acquire(folder, wanted, context);
        } catch (const Error& error) {
            return error;
        }
        throw std::runtime_error("the acquisition succeeded");
    }
};

}  // namespace evidence::test
