// One HTTP request (RFC 9110) by libcurl: http and https only, no redirects, the answer bounded in
// time and size. Proxies come from the environment as curl(1) takes them (http_proxy, HTTPS_PROXY,
// NO_PROXY).
//
// Thread rule: one thread at a time.
#pragma once

#include <string>

#include "base/bytes.h"

namespace evidence::cli {

struct HttpRequest {
    std::string url;
    long timeout_seconds = 30;  // for all of it
    std::size_t max_bytes = 1024 * kib;
};

struct HttpPost : HttpRequest {
    std::string content_type;         // of the body
    std::string answer_content_type;  // the only one that is taken
};

// Error(usage) for a URL that is not http or https or holds a user name or password.
void require_http_url(const std::string& url);

// The answer's body. Error(io) naming the URL and the reason: no connection, no answer in time, an
// answer that is too large, of another status than 200 or of another type. Error(interrupted) when
// the user asks to stop.
Bytes http_post(const HttpPost& post, ByteView body);

// The same for what lies at a URL, whatever type it is said to be of.
Bytes http_get(const HttpRequest& request);

}  // namespace evidence::cli
