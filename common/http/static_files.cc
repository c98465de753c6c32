// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/static_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>

#include "common/json/jcs.h"

namespace http {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;
using Octets = std::shared_ptr<const std::string>;  // the table's, and of responses on their way

constexpr size_t kFileLimit = 10'000;
constexpr size_t kOctetLimit = size_t{128} * 1024 * 1024;
constexpr size_t kEtagDigits = 20;
constexpr size_t kFingerprint = 8;  // what Vite puts into names, and more

constexpr std::array kTypes{
    std::pair{".html"sv, "text/html; charset=utf-8"sv},
    std::pair{".js"sv, "text/javascript; charset=utf-8"sv},
    std::pair{".mjs"sv, "text/javascript; charset=utf-8"sv},
    std::pair{".css"sv, "text/css; charset=utf-8"sv},
    std::pair{".json"sv, "application/json"sv},
    std::pair{".map"sv, "application/json"sv},
    std::pair{".webmanifest"sv, "application/manifest+json"sv},
    std::pair{".svg"sv, "image/svg+xml"sv},
    std::pair{".png"sv, "image/png"sv},
    std::pair{".jpg"sv, "image/jpeg"sv},
    std::pair{".webp"sv, "image/webp"sv},
    std::pair{".ico"sv, "image/x-icon"sv},
    std::pair{".woff2"sv, "font/woff2"sv},
    std::pair{".wasm"sv, "application/wasm"sv},
    std::pair{".txt"sv, "text/plain; charset=utf-8"sv},
};

std::string_view type_of(const std::string& path) {
    const std::string extension = fs::path(path).extension().string();
    const auto* const found = std::find_if(kTypes.begin(), kTypes.end(),
                                           [&](const auto& entry) { return entry.first == extension; });
    return found == kTypes.end() ? "application/octet-stream"sv : found->second;
}

// "assets/name-0a1B2c3D.js": the name changes with the content.
bool is_fingerprinted(const std::string& path) {
    if (path.find("assets/") == std::string::npos) return false;
    const std::string stem = fs::path(path).stem().string();
    const size_t dash = stem.rfind('-', stem.size() > kFingerprint ? stem.size() - kFingerprint - 1 : 0);
    if (dash == std::string::npos) return false;
    return std::all_of(stem.begin() + static_cast<std::ptrdiff_t>(dash) + 1, stem.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_';
    });
}

std::string_view caching_of(const std::string& path) {
    if (path == "index.html") return "no-store";
    return is_fingerprinted(path) ? "public, max-age=31536000, immutable"sv : "no-cache"sv;
}

base::Result<Octets> read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in) return base::Error{base::ErrorKind::kIo, "read " + path.string()};
    return std::make_shared<const std::string>(std::move(text));
}

// RFC 9110 §12.5.3: "br;q=1.0, gzip;q=0"; a weight of zero means no.
bool accepts(const std::string& field, std::string_view coding) {
    std::string_view rest = field;
    while (!rest.empty()) {
        const size_t end = std::min(rest.find(','), rest.size());
        std::string item(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        std::erase(item, ' ');
        const size_t semicolon = std::min(item.find(';'), item.size());
        if (item.substr(0, semicolon) != coding) continue;
        const std::string weight = item.substr(semicolon);
        return !weight.starts_with(";q=0") || weight.find_first_of("123456789") != std::string::npos;
    }
    return false;
}

// RFC 9110 §13.1.2; our tags have no comma in them.
bool names_tag(const std::string& field, const std::string& tag) {
    return field == "*" || field.find('"' + tag + '"') != std::string::npos;
}

bool is_page(const std::string& path) {
    const size_t slash = path.rfind('/');
    return path.find('.', slash == std::string::npos ? 0 : slash) == std::string::npos;
}

}  // namespace

struct StaticFiles::Table {
    struct File {
        Octets plain;
        Octets brotli;
        Octets gzip;
        std::string tag;
    };
    std::map<std::string, File> files;  // by path below the directory
};

base::Result<StaticFiles> StaticFiles::load(const std::string& directory) {
    std::error_code wrong;
    auto table = std::make_shared<Table>();
    std::map<std::string, Octets> compressed;
    size_t octets = 0;
    fs::recursive_directory_iterator entry(directory, wrong);
    if (wrong) return base::io_error("web files " + directory, wrong.value());
    for (; entry != fs::recursive_directory_iterator(); entry.increment(wrong)) {
        if (wrong) return base::io_error("web files " + directory, wrong.value());
        if (entry->symlink_status().type() != fs::file_type::regular) continue;
        auto content = read(entry->path());
        if (!content) return content.error();
        octets += (*content)->size();
        if (octets > kOctetLimit || table->files.size() + compressed.size() >= kFileLimit)
            return base::Error{base::ErrorKind::kLimit, "web files " + directory + ": too many or too large"};
        const std::string path = entry->path().lexically_relative(directory).generic_string();
        if (path.ends_with(".br") || path.ends_with(".gz")) {
            compressed[path] = *content;
            continue;
        }
        table->files[path] = {*content, nullptr, nullptr, json::sha256_hex(**content).substr(0, kEtagDigits)};
    }
    for (auto& [path, file] : table->files) {
        if (const auto found = compressed.find(path + ".br"); found != compressed.end())
            file.brotli = found->second;
        if (const auto found = compressed.find(path + ".gz"); found != compressed.end())
            file.gzip = found->second;
    }
    if (!table->files.contains("index.html"))
        return base::not_found("web files " + directory + ": there is no index.html");
    return StaticFiles(std::move(table));
}

size_t StaticFiles::count() const { return table_->files.size(); }

Response StaticFiles::answer(const Request& request, const std::vector<std::string>& not_pages) const {
    std::string path = request.path.substr(std::min<size_t>(1, request.path.size()));
    auto found = table_->files.find(path);
    if (found == table_->files.end()) {
        const bool reserved = std::any_of(not_pages.begin(), not_pages.end(), [&](const std::string& prefix) {
            return request.path.starts_with(prefix);
        });
        if (reserved || !is_page(request.path))
            return Response::problem(404, "no-such-file", "Nothing is served at this path.");
        path = "index.html";
        found = table_->files.find(path);
    }
    const Table::File& file = found->second;
    const std::string accepted = request.header("accept-encoding").value_or("");
    Response response = Response::empty(200);
    response.shared_body = file.plain;
    std::string tag = file.tag;
    if (file.brotli && accepts(accepted, "br")) {
        response.shared_body = file.brotli;
        response.headers.emplace_back("content-encoding", "br");
        tag += "-br";
    } else if (file.gzip && accepts(accepted, "gzip")) {
        response.shared_body = file.gzip;
        response.headers.emplace_back("content-encoding", "gzip");
        tag += "-gz";
    }
    response.headers.emplace_back("content-type", type_of(path));
    response.headers.emplace_back("etag", '"' + tag + '"');
    response.headers.emplace_back("cache-control", caching_of(path));
    response.headers.emplace_back("vary", "accept-encoding");
    response.headers.emplace_back("content-security-policy", kPagePolicy);
    if (names_tag(request.header("if-none-match").value_or(""), tag)) {
        response.status = 304;
        response.shared_body = nullptr;
    }
    return response;
}

void StaticFiles::add_to(Router& router, std::vector<std::string> not_pages) const {
    router.add(
        {Method::kGet, "/{path...}", Access::anybody(), 0,
         [files = *this, reserved = std::move(not_pages)](const Request& request, ResponderPtr responder) {
             responder->respond(files.answer(request, reserved));
         }});
}

}  // namespace http
