// SPDX-License-Identifier: AGPL-3.0-or-later
//
// cert: a site's own authority and the certificates that it signs.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "common/tls/authority.h"
#include "packaging/farolctl/commands.h"

namespace ctl {

namespace {

constexpr int kMaxLeafDays = 397;
constexpr std::array<std::string_view, 7> kRoles{"cbe", "cbc", "ocs", "crm", "prov", "monitor", "admin"};

std::string authority_certificate(const std::string& directory) { return directory + "/ca.pem"; }
std::string authority_key(const std::string& directory) { return directory + "/ca.key"; }

base::Result<void> make_folder(const std::string& path) {
    std::error_code problem;
    std::filesystem::create_directories(path, problem);
    if (problem) return base::io_error("make " + path, problem.value());
    return {};
}

nlohmann::json json_of(const tls::CertificateInfo& info) {
    return {{"subject", info.subject},
            {"issuer", info.issuer},
            {"serial", info.serial},
            {"uris", info.uris},
            {"dns_names", info.dns_names},
            {"addresses", info.addresses},
            {"not_before", base::to_rfc3339(info.not_before)},
            {"not_after", base::to_rfc3339(info.not_after)},
            {"authority", info.authority}};
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& one : words) out += (out.empty() ? "" : ", ") + one;
    return out;
}

base::Result<std::string> write_leaf(const CertIssue& wanted, const tls::Identity& identity) {
    const auto authority =
        tls::Authority::open(authority_certificate(wanted.directory), authority_key(wanted.directory));
    if (!authority) return authority.error();
    const tls::Leaf leaf{.identity = identity,
                         .dns_names = wanted.dns_names,
                         .addresses = wanted.addresses,
                         .lifetime = std::chrono::days{wanted.days}};
    const auto pair = authority->issue(leaf, base::SystemClock{}.now());
    if (!pair) return pair.error();
    const std::string stem = wanted.directory + "/" + wanted.role + "-" + wanted.node;
    const auto saved = pair->save(stem + ".pem", stem + ".key");
    if (!saved) return saved.error();
    return stem + ".pem";
}

// Beside cert.pem lies key.pem, beside any other NAME.pem NAME.key.
std::string key_of(const std::string& file) {
    const std::filesystem::path path(file);
    if (path.filename() == "cert.pem") return path.parent_path() / "key.pem";
    return std::filesystem::path(path).replace_extension(".key").string();
}

base::Result<void> renew_one(const tls::Authority& authority, const std::string& file) {
    const auto old = tls::read_certificate(file);
    if (!old) return old.error();
    if (old->authority)
        return base::refused(file + " is the authority itself; make a new one with `cert ca`");
    const auto pair = authority.renew(*old, base::SystemClock{}.now());
    if (!pair) return pair.error().within(file);
    return pair->save(file, key_of(file));
}

}  // namespace

Answer cert_ca(const CertAuthority& wanted) {
    if (const auto made = make_folder(wanted.directory); !made) return Answer::of(made.error());
    const std::string certificate = authority_certificate(wanted.directory);
    if (std::filesystem::exists(certificate))
        return Answer::of(base::refused(certificate + " exists; an authority is never replaced silently"));
    const auto authority = tls::Authority::create(wanted.name, base::SystemClock{}.now());
    if (!authority) return Answer::of(authority.error());
    const auto pair = authority->pair();
    if (!pair) return Answer::of(pair.error());
    if (const auto saved = pair->save(certificate, authority_key(wanted.directory)); !saved)
        return Answer::of(saved.error());
    return Answer::of("made the authority " + wanted.name + ": " + certificate,
                      {{"certificate", certificate}, {"key", authority_key(wanted.directory)}});
}

Answer cert_issue(const CertIssue& wanted) {
    if (std::find(kRoles.begin(), kRoles.end(), wanted.role) == kRoles.end())
        return Answer::of(base::invalid("role \"" + wanted.role +
                                        "\" is not known; roles are cbe cbc ocs crm prov monitor admin"));
    if (wanted.days < 1 || wanted.days > kMaxLeafDays)
        return Answer::of(
            base::invalid("a certificate lives 1 to 397 days, not " + std::to_string(wanted.days)));
    const auto identity =
        tls::Identity::parse("farol://" + wanted.site + "/" + wanted.role + "/" + wanted.node);
    if (!identity) return Answer::of(identity.error());
    const auto file = write_leaf(wanted, *identity);
    if (!file) return Answer::of(file.error());
    return Answer::of("issued " + identity->uri + ": " + *file,
                      {{"certificate", *file}, {"uri", identity->uri}});
}

Answer cert_renew(const std::string& directory, const std::vector<std::string>& files) {
    const auto authority = tls::Authority::open(authority_certificate(directory), authority_key(directory));
    if (!authority) return Answer::of(authority.error());
    std::string text;
    nlohmann::json list = nlohmann::json::array();
    size_t failed = 0;
    for (const std::string& file : files) {
        const auto renewed = renew_one(*authority, file);
        if (!renewed) ++failed;
        text += renewed ? "renewed " + file + "\n" : renewed.error().text + "\n";
        list.push_back({{"certificate", file}, {"error", renewed ? "" : renewed.error().text}});
    }
    if (failed == 0) text += "tell the daemons: systemctl reload, or POST /control/reload\n";
    const ExitCode code = failed == 0             ? ExitCode::kOk
                          : failed < files.size() ? ExitCode::kPartly
                                                  : ExitCode::kFailed;
    return Answer::of(text, {{"certificates", list}}, code);
}

Answer cert_show(const std::vector<std::string>& files) {
    const base::Instant now = base::SystemClock{}.now();
    std::string text;
    nlohmann::json list = nlohmann::json::array();
    for (const std::string& file : files) {
        const auto info = tls::read_certificate(file);
        if (!info) return Answer::of(info.error());
        const auto left = std::chrono::floor<std::chrono::days>(info->not_after - now).count();
        nlohmann::json one = json_of(*info);
        one["file"] = file;
        one["days_left"] = left;
        list.push_back(one);
        text += file + "\n  subject   " + info->subject + "\n  issuer    " + info->issuer + "\n  names     " +
                joined(info->uris) + (info->dns_names.empty() ? "" : ", " + joined(info->dns_names)) +
                (info->addresses.empty() ? "" : ", " + joined(info->addresses)) + "\n  until     " +
                base::to_rfc3339(info->not_after) +
                (left < 0 ? " (EXPIRED)" : " (" + std::to_string(left) + " days left)") + "\n";
    }
    return Answer::of(text, {{"certificates", list}});
}

}  // namespace ctl
