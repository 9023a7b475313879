#include "cli/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <new>

#include "base/error.h"
#include "base/printable.h"
#include "cli/environment.h"

namespace evidence::cli {
namespace {

constexpr long connect_timeout_seconds = 15;
constexpr long status_ok = 200;

struct CurlDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;
using CurlList = std::unique_ptr<curl_slist, CurlDeleter>;

[[noreturn]] void fail(const HttpRequest& request, const std::string& reason) {
    throw Error(ErrorKind::io, "no answer from " + request.url + " (" + reason + ")");
}

// What arrives, up to the limit.
struct Answer {
    Bytes body;
    std::size_t max_bytes = 0;
    bool is_too_large = false;
};

// Called by libcurl; anything but `size` makes it stop.
std::size_t take(char* data, std::size_t, std::size_t size, void* to) noexcept try {
    Answer& answer = *static_cast<Answer*>(to);
    answer.is_too_large = size > answer.max_bytes - answer.body.size();
    if (answer.is_too_large) return 0;
    answer.body.insert(answer.body.end(), data, data + size);
    return size;
} catch (const std::bad_alloc&) {
    return 0;
}

int stop_when_asked(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    return stop_is_requested() ? 1 : 0;
}

CurlHandle new_handle() {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    CurlHandle handle(ready ? curl_easy_init() : nullptr);
    if (!handle) throw Error(ErrorKind::io, "cannot use libcurl");
    return handle;
}

CurlList headers_of(const HttpPost& post) {
    CurlList list;
    for (const std::string& line :
         {"Content-Type: " + post.content_type, "Accept: " + post.answer_content_type,
          std::string("Expect:")}) {
        curl_slist* longer = curl_slist_append(list.get(), line.c_str());
        if (!longer) throw std::bad_alloc();
        static_cast<void>(list.release());
        list.reset(longer);
    }
    return list;
}

void set_options(CURL* handle, const HttpRequest& request, Answer& answer) {
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT,
                     std::min(connect_timeout_seconds, request.timeout_seconds));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT, request.timeout_seconds);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, stop_when_asked);
}

void require_performed(CURL* handle, const HttpRequest& request, const Answer& answer) {
    const CURLcode code = curl_easy_perform(handle);
    if (stop_is_requested()) throw Error(ErrorKind::interrupted, "interrupted");
    if (answer.is_too_large) {
        fail(request, fmt::format("it is larger than {} bytes", request.max_bytes));
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        fail(request, fmt::format("not within {} seconds", request.timeout_seconds));
    }
    if (code != CURLE_OK) fail(request, curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 300 && status < 400) {
        fail(request,
             fmt::format("HTTP status {}: it leads elsewhere, which is not followed", status));
    }
    if (status != status_ok) fail(request, fmt::format("HTTP status {}", status));
}

void require_right_type(CURL* handle, const HttpPost& post) {
    const char* given = nullptr;
    curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &given);
    const std::string type = given ? given : "";
    const std::string bare = type.substr(0, type.find(';'));
    if (bare == post.answer_content_type) return;
    fail(post, fmt::format("it is of type {}, expected {}", bare.empty() ? "none" : printable(bare),
                           post.answer_content_type));
}

}  // namespace

void require_http_url(const std::string& url) {
    const std::size_t scheme = url.find("://");
    const std::string name = url.substr(0, scheme);
    if (scheme == std::string::npos || (name != "http" && name != "https")) {
        throw Error(ErrorKind::usage, "not a URL: " + url + " (expected http:// or https://)");
    }
    const std::string host =
        url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - scheme - 3);
    if (host.find('@') != std::string::npos) {
        throw Error(ErrorKind::usage, "a password in a URL (expected none)",
                    "whoever lists the processes of this machine would see it");
    }
}

Bytes http_post(const HttpPost& post, ByteView body) {
    require_http_url(post.url);
    const CurlHandle handle = new_handle();
    const CurlList headers = headers_of(post);
    Answer answer{{}, post.max_bytes};
    set_options(handle.get(), post, answer);
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle.get(), CURLOPT_POST, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, body.data());
    require_performed(handle.get(), post, answer);
    require_right_type(handle.get(), post);
    return std::move(answer.body);
}

Bytes http_get(const HttpRequest& request) {
    require_http_url(request.url);
    const CurlHandle handle = new_handle();
    Answer answer{{}, request.max_bytes};
    set_options(handle.get(), request, answer);
    require_performed(handle.get(), request, answer);
    return std::move(answer.body);
}

}  // namespace evidence::cli
