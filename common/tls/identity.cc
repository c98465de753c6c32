// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>

#include "common/base/bytes.h"
#include "common/tls/authorities.h"
#include "common/tls/context.h"
#include "common/tls/openssl.h"

namespace tls {
namespace {

constexpr std::string_view kScheme = "farol://";
constexpr std::array<std::string_view, 7> kRoles{"cbe", "cbc", "ocs", "crm", "prov", "monitor", "admin"};
constexpr size_t kShown = 120;

}  // namespace

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool is_role(std::string_view text) { return std::find(kRoles.begin(), kRoles.end(), text) != kRoles.end(); }

std::string all_roles() {
    std::string out;
    for (const std::string_view role : kRoles) out += (out.empty() ? "" : ", ") + std::string(role);
    return out;
}

base::Result<Identity> Identity::parse(std::string_view uri) {
    const auto wrong = [&](std::string_view why) {
        return base::invalid("\"" + std::string(uri.substr(0, kShown)) +
                             "\" is not farol://<site>/<role>/<node>: " + std::string(why));
    };
    if (!uri.starts_with(kScheme)) return wrong("it begins differently");
    const std::string_view rest = uri.substr(kScheme.size());
    const size_t first = rest.find('/');
    const size_t second = first == std::string_view::npos ? first : rest.find('/', first + 1);
    if (second == std::string_view::npos) return wrong("a part is missing");
    const std::string_view site = rest.substr(0, first);
    const std::string_view role = rest.substr(first + 1, second - first - 1);
    const std::string_view node = rest.substr(second + 1);
    if (!is_label(site)) return wrong("the site must be 1 to 32 of a-z, 0-9 and -");
    if (!is_role(role)) return wrong("the role must be one of " + all_roles());
    if (!is_label(node)) return wrong("the node must be 1 to 32 of a-z, 0-9 and -");
    return Identity{std::string(uri), std::string(site), std::string(role), std::string(node)};
}

base::Result<Identity> certificate_identity(const X509* certificate) {
    std::vector<std::string> uris = alternative_names(certificate, GEN_URI);
    std::erase_if(uris, [](const std::string& uri) { return !uri.starts_with(kScheme); });
    if (uris.empty()) return base::refused("the certificate carries no farol:// URI");
    if (uris.size() > 1) return base::refused("the certificate carries more than one farol:// URI");
    return Identity::parse(uris.front());
}

base::Result<Identity> peer_identity(const SSL* connection) {
    const X509* certificate = SSL_get0_peer_certificate(connection);
    if (certificate == nullptr) return base::refused("no certificate was shown");
    if (const long result = SSL_get_verify_result(connection); result != X509_V_OK)
        return base::refused(std::string("the certificate is not trusted: ") +
                             X509_verify_cert_error_string(result));
    auto identity = certificate_identity(certificate);
    if (!identity) return identity;
    if (const Authorities* authorities = authorities_of(SSL_get_SSL_CTX(connection))) {
        const auto allowed = authorities->may_name(SSL_get0_verified_chain(connection), *identity);
        if (!allowed) return allowed.error().within(identity->uri);
    }
    return identity;
}

base::Result<base::Instant> peer_not_after(const SSL* connection) {
    const X509* certificate = SSL_get0_peer_certificate(connection);
    if (certificate == nullptr) return base::refused("no certificate was shown");
    return instant_of(X509_get0_notAfter(certificate));
}

std::string protocol(const SSL* connection) {
    const unsigned char* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(connection, &name, &length);
    return std::string(base::as_text({name, length}));
}

base::Result<Identity> own_identity(const Files& files) {
    const auto text = read_file(files.certificate);
    if (!text) return text.error();
    const auto certificate = parse_certificate(*text, files.certificate);
    if (!certificate) return certificate.error();
    auto identity = certificate_identity(certificate->get());
    if (!identity) return identity.error().within(files.certificate);
    return identity;
}

}  // namespace tls
