#include "cli/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "base/json.h"
#include "base/printable.h"
#include "cli/diagnostics.h"

namespace evidence::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_lines{250};
constexpr std::chrono::milliseconds between_reports{1000};

// No progress; what cannot wait is said all the same unless nothing is to be said.
class SilentProgress : public ProgressSink {
public:
    explicit SilentProgress(bool quiet) : quiet_(quiet) {}
    void warn(std::string_view message) override {
        if (!quiet_) say("warning: {}\n", printable(message));
    }
    void start(std::string_view, std::optional<std::uint64_t>) override {}
    void advance(std::uint64_t) override {}
    void finish() override {}

private:
    bool quiet_;
};

// What both kinds of progress measure.
class MeasuredProgress : public ProgressSink {
public:
    explicit MeasuredProgress(std::chrono::milliseconds interval) : interval_(interval) {}

    void start(std::string_view what, std::optional<std::uint64_t> total) override {
        what_ = what;
        total_ = total;
        done_ = unreadable_ = 0;
        started_ = shown_ = SteadyClock::now();
    }

    void unreadable(std::uint64_t bytes) override { unreadable_ = bytes; }

    void advance(std::uint64_t bytes) override {
        done_ += bytes;
        const SteadyClock::time_point now = SteadyClock::now();
        if (now - shown_ < interval_) return;
        shown_ = now;
        show();
    }

protected:
    virtual void show() = 0;

    double seconds() const {
        return std::chrono::duration<double>(SteadyClock::now() - started_).count();
    }
    double bytes_per_second() const { return static_cast<double>(done_) / (seconds() + 1e-9); }
    std::optional<std::uint64_t> seconds_left() const {
        if (!total_ || done_ == 0 || done_ > *total_) return std::nullopt;
        return static_cast<std::uint64_t>(static_cast<double>(*total_ - done_) /
                                          bytes_per_second());
    }

    std::string what_;
    std::optional<std::uint64_t> total_;
    std::uint64_t done_ = 0, unreadable_ = 0;

private:
    std::chrono::milliseconds interval_;
    SteadyClock::time_point started_, shown_;
};

class TerminalProgress : public MeasuredProgress {
public:
    TerminalProgress() : MeasuredProgress(between_lines) {}
    void warn(std::string_view message) override {
        finish();
        say("warning: {}\n", printable(message));
    }
    void finish() override {
        if (shown_any_) say("\r\x1b[K");
        shown_any_ = false;
    }

private:
    void show() override {
        constexpr double mebibyte = 1024.0 * 1024.0;
        std::string line =
            fmt::format("{}: {:.0f} MiB", what_, static_cast<double>(done_) / mebibyte);
        if (total_ && *total_ > 0) {
            line += fmt::format(" of {:.0f} ({:.0f} %)", static_cast<double>(*total_) / mebibyte,
                                100.0 * static_cast<double>(done_) / static_cast<double>(*total_));
        }
        line += fmt::format(", {:.0f} MiB/s", bytes_per_second() / mebibyte);
        if (const auto left = seconds_left()) {
            line += fmt::format(", {}:{:02} left", *left / 60, *left % 60);
        }
        if (unreadable_ > 0) line += fmt::format(", {} bytes unreadable", unreadable_);
        say("\r{}\x1b[K", line);
        shown_any_ = true;
    }
    bool shown_any_ = false;
};

class JsonProgress : public MeasuredProgress {
public:
    JsonProgress() : MeasuredProgress(between_reports) {}
    void warn(std::string_view message) override {
        say("{}\n", canonical(Json::object({{"warning", printable(message)}})));
    }
    void finish() override { show(); }

private:
    void show() override {
        Json report =
            Json::object({{"bytes_done", done_},
                          {"bytes_per_second", static_cast<std::uint64_t>(bytes_per_second())},
                          {"what", what_}});
        if (total_) report.set("bytes_total", *total_);
        if (unreadable_ > 0) report.set("bytes_unreadable", unreadable_);
        if (const auto left = seconds_left()) report.set("seconds_left", *left);
        say("{}\n", canonical(report));
    }
};

}  // namespace

std::unique_ptr<ProgressSink> make_progress(const CommonOptions& common) {
    if (common.progress == "json") return std::make_unique<JsonProgress>();
    const bool wanted = common.progress == "auto" && !common.quiet && ::isatty(STDERR_FILENO) == 1;
    if (wanted) return std::make_unique<TerminalProgress>();
    return std::make_unique<SilentProgress>(common.quiet);
}

}  // namespace evidence::cli
