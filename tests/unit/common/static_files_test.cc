// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/static_files.h"

#include <filesystem>
#include <fstream>

#include "tests/support/certs.h"
#include "tests/support/http_peer.h"
#include "tests/support/test.h"

namespace {

using http::Request;
using http::Response;

const std::vector<std::string> kNotPages{"/api/"};

void write(const std::string& path, std::string_view text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
}

struct Site {
    Site() {
        write(dir / "web/index.html", "<!doctype html><title>Farol</title>");
        write(dir / "web/assets/index-DiwrgTda.js", "plain script");
        write(dir / "web/assets/index-DiwrgTda.js.br", "brotli script");
        write(dir / "web/assets/index-DiwrgTda.js.gz", "gzip script");
        write(dir / "web/favicon.svg", "<svg/>");
        write(dir / "secret.txt", "secret");
        std::filesystem::create_symlink(dir / "secret.txt", dir / "web/link.txt");
    }
    http::StaticFiles load() const {
        auto files = http::StaticFiles::load(dir / "web");
        CHECK_OK(files);
        return *files;
    }
    test::TempDir dir;
};

Response ask(const http::StaticFiles& files, const std::string& path,
             std::vector<std::pair<std::string, std::string>> headers = {}) {
    Request request;
    request.path = path;
    request.headers = std::move(headers);
    return files.answer(request, kNotPages);
}

std::string field(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

void a_file_comes_with_its_type_and_policy() {
    const Site site;
    const auto files = site.load();
    CHECK_EQ(files.count(), 3U);
    const auto answer = ask(files, "/favicon.svg");
    CHECK_EQ(answer.status, 200);
    CHECK_EQ(*answer.shared_body, "<svg/>");
    CHECK_EQ(field(answer, "content-type"), "image/svg+xml");
    CHECK_EQ(field(answer, "cache-control"), "no-cache");
    CHECK_EQ(field(answer, "content-security-policy"),
             "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
             "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
}

void pages_of_the_application_get_the_index_uncached() {
    const Site site;
    const auto files = site.load();
    for (const auto* path : {"/", "/index.html", "/alerts", "/alerts/7/edit", "/a.b/c"}) {
        const auto answer = ask(files, path);
        CHECK_EQ(answer.status, 200);
        CHECK_EQ(field(answer, "content-type"), "text/html; charset=utf-8");
        CHECK_EQ(field(answer, "cache-control"), "no-store");
    }
}

void what_is_no_page_and_not_there_is_404() {
    const Site site;
    const auto files = site.load();
    for (const auto* path : {"/missing.js", "/api/v1/nothing", "/link.txt", "/assets/index-DiwrgTda.js.br"})
        CHECK_EQ(ask(files, path).status, 404);
}

void fingerprinted_files_may_be_kept_for_a_year() {
    const Site site;
    CHECK_EQ(field(ask(site.load(), "/assets/index-DiwrgTda.js"), "cache-control"),
             "public, max-age=31536000, immutable");
}

void compressed_files_are_sent_to_who_accepts_them() {
    const Site site;
    const auto files = site.load();
    struct Row {
        const char* accepted;
        const char* body;
    };
    for (const Row& row :
         {Row{"gzip, deflate, br", "brotli script"}, Row{"gzip", "gzip script"},
          Row{"br;q=0, gzip;q=0.5", "gzip script"}, Row{"br;q=0.0,gzip; q=0", "plain script"},
          Row{"identity", "plain script"}, Row{"", "plain script"}}) {
        const auto answer = ask(files, "/assets/index-DiwrgTda.js", {{"accept-encoding", row.accepted}});
        CHECK_EQ(*answer.shared_body, row.body);
        CHECK_EQ(field(answer, "vary"), "accept-encoding");
        CHECK_EQ(field(answer, "content-type"), "text/javascript; charset=utf-8");
    }
}

void a_known_tag_is_answered_304() {
    const Site site;
    const auto files = site.load();
    const std::string tag = field(ask(files, "/favicon.svg"), "etag");
    const auto same = ask(files, "/favicon.svg", {{"if-none-match", "\"x\", " + tag}});
    CHECK_EQ(same.status, 304);
    CHECK(same.shared_body == nullptr);
    CHECK_EQ(ask(files, "/favicon.svg", {{"if-none-match", "\"other\""}}).status, 200);
    const auto brotli = ask(files, "/assets/index-DiwrgTda.js", {{"accept-encoding", "br"}});
    CHECK(field(brotli, "etag") != field(ask(files, "/assets/index-DiwrgTda.js"), "etag"));
}

void a_path_cannot_leave_the_directory() {
    const Site site;
    const auto files = site.load();
    test::HttpPeer peer;
    files.add_to(peer.router());
    peer.start();
    test::RawConnection client(peer.port());
    for (const auto* path :
         {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/../../secret.txt",
          "//secret.txt", "/web/../secret.txt", "/..\\secret.txt", "/%5c..%5csecret.txt",
          "/secret.txt%00.html", "/./secret.txt", "/etc/passwd.txt"}) {
        CHECK(client.send(test::get(path)));
        const auto answer = client.answer();
        CHECK(answer.status == 400 || answer.status == 404);
        CHECK(answer.body.find("secret\n") == std::string::npos);
        if (answer.field("connection") == "close") client = test::RawConnection(peer.port());
    }
    CHECK(client.send(test::get("/favicon.svg")));
    CHECK_EQ(client.answer().body, "<svg/>");
}

void a_directory_without_index_is_refused() {
    const test::TempDir dir;
    CHECK(!http::StaticFiles::load(dir.path()));
    CHECK(!http::StaticFiles::load(dir / "none"));
}

}  // namespace

GROUP(static_files, CASE(a_file_comes_with_its_type_and_policy),
      CASE(pages_of_the_application_get_the_index_uncached), CASE(what_is_no_page_and_not_there_is_404),
      CASE(fingerprinted_files_may_be_kept_for_a_year), CASE(compressed_files_are_sent_to_who_accepts_them),
      CASE(a_known_tag_is_answered_304), CASE(a_path_cannot_leave_the_directory),
      CASE(a_directory_without_index_is_refused))
