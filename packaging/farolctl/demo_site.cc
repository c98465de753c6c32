// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/demo_site.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "common/json/object.h"
#include "common/json/parse.h"
#include "common/tls/authority.h"
#include "packaging/farolctl/file.h"

namespace ctl {

namespace {

constexpr const char* kSite = "demo";
constexpr const char* kNode = "a";
constexpr std::chrono::days kRenewBefore{30};

std::string authority_certificate(const Place& place) { return place.tls() + "/ca.pem"; }
std::string authority_key(const Place& place) { return place.tls() + "/ca.key"; }

base::Result<tls::Authority> authority_of(const Place& place, base::Instant now) {
    if (std::filesystem::exists(authority_certificate(place)))
        return tls::Authority::open(authority_certificate(place), authority_key(place));
    auto made = tls::Authority::create("Farol demo authority", now);
    if (!made) return made.error();
    const auto pair = made->pair();
    if (!pair) return pair.error();
    if (const auto saved = pair->save(authority_certificate(place), authority_key(place)); !saved)
        return saved.error();
    return made;
}

bool lasts(const std::string& certificate, base::Instant now) {
    const auto info = tls::read_certificate(certificate);
    return info && info->not_after - now > kRenewBefore;
}

base::Result<void> ensure_certificate(const Place& place, const tls::Authority& authority,
                                      const DaemonName& daemon, base::Instant now) {
    const std::string folder = place.tls() + "/" + std::string(daemon.folder);
    if (const auto made = make_folders(folder); !made) return made;
    if (lasts(folder + "/cert.pem", now)) return {};
    const auto identity =
        tls::Identity::parse("farol://" + std::string(kSite) + "/" + std::string(daemon.role) + "/" + kNode);
    if (!identity) return identity.error();
    const tls::Leaf leaf{
        .identity = *identity, .dns_names = {"localhost"}, .addresses = {"127.0.0.1", "::1"}};
    const auto pair = authority.issue(leaf, now);
    if (!pair) return pair.error();
    return pair->save(folder + "/cert.pem", folder + "/key.pem");
}

base::Result<void> write_filled(const std::string& from, const std::string& to,
                                const std::vector<Substitution>& substitutions) {
    const auto text = read_file(from);
    if (!text) return text.error();
    const auto filled = fill(*text, substitutions);
    if (!filled) return filled.error().within(from);
    return write_file(to, *filled, FileMode::kReadable);
}

// Where it is in the tree or in a build, else where the package puts it.
std::string first_there(const std::string& near, const std::string& installed) {
    std::error_code ignored;  // what cannot be looked at is not there
    const auto path = std::filesystem::weakly_canonical(near, ignored);
    return !ignored && std::filesystem::exists(path) ? path.string() : installed;
}

}  // namespace

base::Result<std::string> fill(std::string_view text, const std::vector<Substitution>& substitutions) {
    std::string out;
    for (size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@')) {
        const size_t end = text.find('@', at + 1);
        if (end == std::string_view::npos) return base::invalid("an @ stands alone");
        const std::string_view name = text.substr(at + 1, end - at - 1);
        const auto found = std::find_if(substitutions.begin(), substitutions.end(),
                                        [&](const Substitution& one) { return one.name == name; });
        if (found == substitutions.end())
            return base::invalid("nobody knows what @" + std::string(name) + "@ stands for");
        out.append(text.substr(0, at)).append(found->value);
        text.remove_prefix(end + 1);
    }
    return out.append(text);
}

std::string default_templates() {
    constexpr const char* kInTree = "packaging/demo";
    return std::filesystem::exists(kInTree) ? kInTree : "/usr/share/farol/demo";
}

base::Result<void> write_demo_site(const Place& place, const std::string& templates,
                                   const std::vector<DaemonName>& daemons) {
    const base::Instant now = base::SystemClock{}.now();
    for (const std::string& folder :
         {place.tls(), place.root() + "/log", place.root() + "/state", place.root() + "/run"})
        if (const auto made = make_folders(folder); !made) return made;
    const auto authority = authority_of(place, now);
    if (!authority) return authority.error();
    const auto programs = program_folder();  // build/plain/bin in a build
    if (!programs) return programs.error();
    const std::vector<Substitution> values{
        {"dir", place.root()},
        {"tls", place.tls()},
        {"channels",
         first_there(templates + "/../../cbe/data/channels.yaml", "/usr/share/farol/cbe/channels.yaml")},
        {"web", first_there(*programs + "/../../web/cbe", "/usr/share/farol/cbe/web")}};
    const auto filled = write_filled(templates + "/cells.csv", place.root() + "/etc/cells.csv", values);
    if (!filled) return filled;
    for (const DaemonName& daemon : daemons) {
        if (const auto made = ensure_certificate(place, *authority, daemon, now); !made) return made;
        const auto written = write_filled(templates + "/" + std::string(daemon.folder) + ".yaml",
                                          place.config(daemon), values);
        if (!written) return written;
    }
    return {};
}

base::Result<int> listener_port(const Place& place, const DaemonName& daemon, const std::string& listener) {
    const auto text = read_file(place.runtime(daemon) + "/listeners.json");
    if (!text)
        return base::Error{base::ErrorKind::kUnavailable, std::string(daemon.binary) + " does not run"};
    const auto parsed = json::parse(*text);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object object(*parsed, problems);
    std::vector<int64_t> ports;
    object.objects(listener, {}, [&](json::Object& one) {
        ports.push_back(one.integer("port", {.min = 1, .max = 65535}));
        (void)one.string("host", {});
    });
    if (!problems.empty() || ports.empty())
        return base::invalid(std::string(daemon.binary) + " has no listener \"" + listener + "\"");
    return static_cast<int>(ports.front());
}

}  // namespace ctl
