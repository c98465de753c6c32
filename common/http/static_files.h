// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The files of a built web application, read into memory once and served from there.
//
// A request names an entry of the table or nothing: no path from outside ever reaches the file system. Files
// whose name carries a fingerprint (assets/index-DiwrgTda.js) may be kept for a year; index.html is always
// asked for. Where the build has left NAME.br or NAME.gz beside NAME they are sent to who accepts them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/http/router.h"

namespace http {

// Design: nothing but our own scripts, styles, images and calls; no framing.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

class StaticFiles {
 public:
    // Symbolic links are not followed. kLimit beyond 10,000 files or 128 MiB.
    static base::Result<StaticFiles> load(const std::string& directory);

    // A GET route for everything that no other route takes. A path without an extension is a page of the
    // application and gets index.html, unless it begins with one of `not_pages`, which gets 404.
    void add_to(Router& router, std::vector<std::string> not_pages = {"/api/"}) const;

    // The answer for a request, as the route gives it.
    Response answer(const Request& request, const std::vector<std::string>& not_pages) const;

    size_t count() const;

 private:
    struct Table;
    explicit StaticFiles(std::shared_ptr<const Table> table) : table_(std::move(table)) {}
    std::shared_ptr<const Table> table_;  // shared with the route's handler
};

}  // namespace http
