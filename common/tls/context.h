// SPDX-License-Identifier: AGPL-3.0-or-later
//
// TLS contexts, built by one function from the configuration, and the identity in a certificate.
//
// TLS 1.3 only. Between daemons both sides show a certificate whose subjectAltName carries the role as a URI:
// farol://<site>/<role>/<node>; site and node are [a-z0-9-]{1,32}; roles: cbe cbc ocs crm prov monitor admin.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/time/clock.h"

struct ssl_ctx_st;
struct ssl_st;
struct x509_st;

namespace tls {

// An authority whose certificates are taken, and the roles that they may name. No roles: every one, which is
// for our own authority alone (a server refuses it for one that did not sign its own certificate). A client
// asks for one role of its server anyway and pays no heed to them.
struct Trust {
    std::string file;  // PEM bundle
    std::vector<std::string> roles;
    std::vector<std::string> sites;  // whose certificates they may sign; none: of any site

    Trust(std::string bundle, std::vector<std::string> may_name = {},  // NOLINT: a path is our own authority
          std::vector<std::string> of_sites = {})
        : file(std::move(bundle)), roles(std::move(may_name)), sites(std::move(of_sites)) {}
};

struct Files {
    std::string certificate;     // PEM chain, leaf first
    std::string key;             // PEM
    std::vector<Trust> trusted;  // each side trusts the other's authorities separately
};

enum class ClientCertificate {
    kNone,
    kRequired,
    // One that a trusted authority signed, whatever it names: a network function of 5G has no farol:// URI.
    // Who trusts its own authority here lets all its daemons in.
    kOfNetwork,
};

struct Identity {
    std::string uri;
    std::string site;
    std::string role;
    std::string node;

    // The one farol:// URI of a certificate; anything malformed is refused.
    static base::Result<Identity> parse(std::string_view uri);
};

// What a site and a node may be called: 1 to 32 of a-z, 0-9 and -.
bool is_label(std::string_view text);
// The roles that there are: "cbe, cbc, …".
bool is_role(std::string_view text);
std::string all_roles();

// Names of application protocols (RFC 7301), the preferred first: "h2". Empty: none is spoken of.
using Protocols = std::vector<std::string>;

// A server's context. What it adopts is for new connections; old ones keep what they began with.
// Loop thread only.
class ServerContext {
 public:
    // A client that offers none of `protocols` is refused; one that offers none at all is not, see
    // protocol().
    static base::Result<std::shared_ptr<ServerContext>> create(const Files& files, ClientCertificate wanted,
                                                               Protocols protocols = {});
    ~ServerContext();
    // In two steps, so that several contexts change together or not at all: adopt() cannot fail.
    using Prepared = std::shared_ptr<ssl_ctx_st>;  // shared with the connections made from it
    base::Result<Prepared> prepare(const Files& files) const;
    void adopt(Prepared prepared) { context_ = std::move(prepared); }

    // A new server-side SSL object; the caller owns it (SSL_free, or a bufferevent that does). Null only when
    // memory ran out.
    ssl_st* new_connection() const;
    ClientCertificate client_certificate() const { return wanted_; }

 private:
    ServerContext(ClientCertificate wanted, Protocols protocols);
    ClientCertificate wanted_;
    std::string protocols_;  // as they stand in the handshake
    Prepared context_;
};

// The other side of a ServerContext that wants certificates, for connections of our own (common/net). Here
// too an authority names only the roles that it may: peer_identity() refuses the others. Loop thread only.
class ClientContext {
 public:
    static base::Result<std::shared_ptr<ClientContext>> create(const Files& files, Protocols protocols = {});
    ~ClientContext();
    using Prepared = ServerContext::Prepared;
    base::Result<Prepared> prepare(const Files& files) const;
    void adopt(Prepared prepared) { context_ = std::move(prepared); }

    // A new client-side SSL object; the caller owns it. Null only when memory ran out.
    ssl_st* new_connection() const;

 private:
    explicit ClientContext(Protocols protocols);
    std::string protocols_;
    Prepared context_;
};

// A client's side of mutual TLS, put onto a context that somebody else made (libcurl): TLS 1.3, our
// certificate, these authorities and no others, and in the server's certificate a farol:// URI of
// `server_role` (empty: any certificate of a trusted authority; the name is checked by the caller's library).
base::Result<void> prepare_client(ssl_ctx_st* context, const Files& files, const std::string& server_role);

// Whether the files can be read and belong together: what a daemon checks at its start.
base::Result<void> check(const Files& files);

// The one farol:// URI of a certificate.
base::Result<Identity> certificate_identity(const x509_st* certificate);

// After the handshake: the identity in the peer's verified certificate. Refused when the authority at the
// root of the verified chain may not name that role or that site (except with a context of
// prepare_client()).
base::Result<Identity> peer_identity(const ssl_st* connection);

// After the handshake: when the peer's certificate ends, and the protocol agreed on (empty: none).
base::Result<base::Instant> peer_not_after(const ssl_st* connection);
std::string protocol(const ssl_st* connection);

// The identity in the first certificate of our own chain.
base::Result<Identity> own_identity(const Files& files);

}  // namespace tls
