// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/transfer.h"

#include <algorithm>

namespace http {
namespace {

using UrlPtr = std::unique_ptr<CURLU, base::FreeWith<curl_url_cleanup>>;
using TextPtr = std::unique_ptr<char, base::FreeWith<curl_free>>;

constexpr size_t kHeadLimit = 64 * 1024;
constexpr long kConnectMs = 5'000;

std::string url_part(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
    const TextPtr owned(text);
    return text;
}

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "[::1]" || host == "::1" || host.starts_with("127.");
}

base::Result<void> check_url(const ClientRequest& request) {
    const UrlPtr url(curl_url());
    if (!url || curl_url_set(url.get(), CURLUPART_URL, request.url.c_str(), 0) != CURLUE_OK)
        return base::invalid("\"" + request.url + "\" is not a URL");
    const std::string scheme = url_part(url.get(), CURLUPART_SCHEME);
    if (scheme == "https") return {};
    if (scheme != "http") return base::invalid("\"" + request.url + "\": the scheme must be https");
    if (request.plain == PlainHttp::kAnywhere) return {};
    if (!request.unix_socket.empty() || is_loopback(url_part(url.get(), CURLUPART_HOST))) return {};
    return base::invalid("\"" + request.url + "\": without TLS only this machine may be called");
}

size_t take_body(char* data, size_t size, size_t count, void* owner) noexcept {
    auto& transfer = *static_cast<Transfer*>(owner);
    const size_t octets = size * count;
    std::string& target = transfer.kind == TransferKind::kStream ? transfer.incoming : transfer.response.body;
    if (octets > transfer.request.response_limit - std::min(target.size(), transfer.request.response_limit)) {
        transfer.over_limit = true;
        return 0;
    }
    target.append(data, octets);
    return octets;
}

size_t take_field(char* data, size_t size, size_t count, void* owner) noexcept {
    auto& transfer = *static_cast<Transfer*>(owner);
    std::string_view line(data, size * count);
    const size_t octets = line.size();
    auto& headers = transfer.response.headers;
    if (line.starts_with("HTTP/")) headers.clear();  // an answer after "100 Continue"
    size_t held = octets;
    for (const auto& [name, value] : headers) held += name.size() + value.size();
    if (held > kHeadLimit) {
        transfer.over_limit = true;
        return 0;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return octets;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    std::string_view value = line.substr(colon + 1);
    const size_t first = value.find_first_not_of(" \t");
    const size_t last = value.find_last_not_of(" \t\r\n");
    value = first == std::string_view::npos || last == std::string_view::npos
                ? std::string_view()
                : value.substr(first, last - first + 1);
    headers.emplace_back(std::move(name), value);
    return octets;
}

CURLcode prepare_tls(CURL*, void* context, void* owner) noexcept {
    auto& transfer = *static_cast<Transfer*>(owner);
    auto prepared =
        tls::prepare_client(static_cast<ssl_ctx_st*>(context), *transfer.tls, transfer.request.server_role);
    if (prepared) return CURLE_OK;
    transfer.tls_error = prepared.error().text;
    return CURLE_SSL_CERTPROBLEM;
}

// Whether the request may have reached the server's application.
bool was_sent(CURL* easy) {
    curl_off_t microseconds = 0;
    return curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &microseconds) == CURLE_OK &&
           microseconds > 0;
}

long version_option(const ClientRequest& request) {
    if (request.version == Version::kHttp1) return CURL_HTTP_VERSION_1_1;
    return request.url.starts_with("https:") ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
}

bool is_redirection(int status) { return status == 301 || status == 302 || status == 307 || status == 308; }

base::ErrorKind kind_of(CURLcode code, CURL* easy) {
    if (code == CURLE_PEER_FAILED_VERIFICATION) return base::ErrorKind::kRefused;
    return was_sent(easy) ? base::ErrorKind::kTimeout : base::ErrorKind::kUnavailable;
}

}  // namespace

Transfer::Transfer(TransferKind the_kind, ClientRequest the_request, const std::optional<tls::Files>& files)
    : kind(the_kind),
      request(std::move(the_request)),
      tls(files),
      easy(curl_easy_init()),
      events(request.response_limit) {}

std::string Transfer::what() const {
    return std::string(to_string(request.method)) + " " + request.url.substr(0, request.url.find('?'));
}

base::Result<void> Transfer::prepare() {
    if (auto good = check_url(request); !good) return good;
    if (!easy) return base::Error{base::ErrorKind::kUnavailable, "libcurl has no memory"};
    CURL* handle = easy.get();
    const auto timeout = static_cast<long>(request.timeout.count());
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, version_option(request));
    curl_easy_setopt(handle, CURLOPT_PROXY, "");  // nothing from the environment
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error.data());
    curl_easy_setopt(handle, CURLOPT_PRIVATE, this);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_field);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, std::min(timeout, kConnectMs));
    if (kind == TransferKind::kCall) curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeout);
    // libcurl 7.88 fails a second call on an HTTP/2 connection without TLS (CURLE_HTTP2): each has its own.
    const bool plain_http2 = request.version == Version::kHttp2 && !request.url.starts_with("https:");
    if (kind == TransferKind::kStream || plain_http2) {
        curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    }
    if (!request.unix_socket.empty())
        curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, request.unix_socket.c_str());
    if (tls) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, nullptr);  // our authorities and no others
        curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
        curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, prepare_tls);
        curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, this);
    }
    if (request.method == Method::kHead) curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    if (request.method != Method::kGet && request.method != Method::kHead) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, std::string(to_string(request.method)).c_str());
    // No wait for "100 Continue", and no content type that nobody named.
    std::string lines[] = {"Expect:", "Content-Type:"};
    for (const auto& [name, value] : request.headers) {
        if (name == "content-type") lines[1] = name + ": " + value;
    }
    for (const auto& line : lines) fields.reset(curl_slist_append(fields.release(), line.c_str()));
    for (const auto& [name, value] : request.headers) {
        if (name == "content-type") continue;
        fields.reset(curl_slist_append(fields.release(), (name + ": " + value).c_str()));
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields.get());
    return {};
}

base::Result<Response> Transfer::result(CURLcode code) {
    if (over_limit) {
        return base::Error{base::ErrorKind::kLimit, what() + ": the answer is larger than " +
                                                        std::to_string(request.response_limit) + " octets"};
    }
    if (code != CURLE_OK) {
        std::string why = !tls_error.empty()   ? tls_error
                          : error.front() != 0 ? std::string(error.data())
                                               : std::string(curl_easy_strerror(code));
        if (code == CURLE_PEER_FAILED_VERIFICATION && !request.server_role.empty())
            why += " (a certificate of role " + request.server_role + " is wanted)";
        return base::Error{kind_of(code, easy.get()), what() + ": " + why};
    }
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    long version = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_HTTP_VERSION, &version);
    if (request.version == Version::kHttp2 && version != CURL_HTTP_VERSION_2_0)
        return base::refused(what() + ": the server does not speak HTTP/2");
    const char* target = nullptr;
    if (is_redirection(response.status) &&
        curl_easy_getinfo(easy.get(), CURLINFO_REDIRECT_URL, &target) == CURLE_OK && target != nullptr) {
        for (auto& [name, value] : response.headers) {
            if (name == "location") value = target;
        }
    }
    return std::move(response);
}

}  // namespace http
