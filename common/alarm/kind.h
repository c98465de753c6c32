// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The inventory: every kind of alarm that a Farol daemon raises, in the words of ITU-T X.733.
//
// An alarm that clears by itself after 30 s of good state is damped; safety alarms clear by state only, at
// once.
#pragma once

#include <array>
#include <string_view>

namespace alarms {

enum class Severity { kCritical, kMajor, kMinor, kWarning, kIndeterminate, kCleared };
std::string_view to_string(Severity severity);  // "CRITICAL"

enum class Type {
    kCommunications,
    kQualityOfService,
    kProcessingError,
    kEquipment,
    kEnvironmental,
    kIntegrityViolation,
    kOperationalViolation,
    kPhysicalViolation,
    kSecurityService,
    kTimeDomain,
};
std::string_view to_string(Type type);  // "COMMUNICATIONS"

enum class Clearing { kDamped, kByState };

struct Kind {
    std::string_view id;    // "F1006"
    std::string_view name;  // the specific problem: "PeerDown"
    Type type;
    std::string_view cause;   // X.733's probable cause
    std::string_view repair;  // what to do, a sentence
    Clearing clearing = Clearing::kDamped;
};

inline constexpr Kind kAlertNotOnAir{"F1001",
                                     "AlertNotOnAir",
                                     Type::kQualityOfService,
                                     "degradedSignal",
                                     "Look at the CBC's peers: no cell confirms a live alert.",
                                     Clearing::kByState};
inline constexpr Kind kAlertPartlyConfirmed{"F1002",
                                            "AlertPartlyConfirmed",
                                            Type::kQualityOfService,
                                            "degradedSignal",
                                            "Look at the list of cells not confirmed.",
                                            Clearing::kByState};
inline constexpr Kind kStopNotConfirmed{"F1003",
                                        "StopNotConfirmed",
                                        Type::kQualityOfService,
                                        "responseTimeExcessive",
                                        "Stop it again; call the operator's network centre.",
                                        Clearing::kByState};
inline constexpr Kind kLiveAlertSent{"F1004",
                                     "LiveAlertSent",
                                     Type::kOperationalViolation,
                                     "informationOutOfSequence",
                                     "Nothing: a live alert was approved and sent.",
                                     Clearing::kByState};
inline constexpr Kind kCbcUnreachable{"F1005", "CbcUnreachable", Type::kCommunications,
                                      "communicationsSubsystemFailure",
                                      "Check the network and the certificate of that CBC."};
inline constexpr Kind kPeerDown{"F1006", "PeerDown", Type::kCommunications, "lossOfSignal",
                                "Check the link to the peer, and the peer itself."};
inline constexpr Kind kPeerLinkTestFailed{"F1007", "PeerLinkTestFailed", Type::kCommunications, "lossOfFrame",
                                          "Check the link to the peer: it is up but does not answer."};
inline constexpr Kind kSiteDataStale{"F1008", "SiteDataStale", Type::kProcessingError, "corruptData",
                                     "Bring the file of cells up to date, then reload."};
inline constexpr Kind kCbeRefused{"F1014", "CbeRequestRefused", Type::kOperationalViolation,
                                  "unauthorizedAccessAttempt",
                                  "Ask that CBE why it sends what its row in the table does not allow."};
inline constexpr Kind kTwinAway{"F1015", "TwinAway", Type::kCommunications, "communicationsSubsystemFailure",
                                "Start the other CBC again, or repair the network to it."};
inline constexpr Kind kApprovalLocked{"F1011", "ApprovalLocked", Type::kSecurityService,
                                      "authenticationFailure", "Make sure who that officer is, then unlock."};
inline constexpr Kind kAuditChainBroken{"F1012",
                                        "AuditChainBroken",
                                        Type::kIntegrityViolation,
                                        "informationModificationDetected",
                                        "Stop, preserve the state folder, compare with the last export.",
                                        Clearing::kByState};
inline constexpr Kind kConfigRejected{"F2003",
                                      "ConfigRejected",
                                      Type::kProcessingError,
                                      "configurationOrCustomizationError",
                                      "Correct the file: the daemon goes on with the configuration before.",
                                      Clearing::kByState};
inline constexpr Kind kStoreUnavailable{"F2004", "StoreUnavailable", Type::kProcessingError,
                                        "storageCapacityProblem",
                                        "Free disk space or raise store.quota; look at the log."};
inline constexpr Kind kReplicationLag{"F2005", "ReplicationLag", Type::kQualityOfService,
                                      "performanceDegraded",
                                      "Look at the network to the leading node and at this node's disk."};
inline constexpr Kind kQueueBacklog{"F2006", "QueueBacklog", Type::kQualityOfService, "queueSizeExceeded",
                                    "Find out what does not take its work: peer, disk or threads."};
inline constexpr Kind kCertificateExpiring{"F3001", "CertificateExpiring", Type::kTimeDomain, "keyExpired",
                                           "Renew the certificate (farolctl cert renew), then reload."};
inline constexpr Kind kClockUnsynchronised{
    "F3003", "ClockUnsynchronised", Type::kTimeDomain, "timingProblem",
    "Repair the way to the time servers: timedatectl timesync-status."};
inline constexpr Kind kStorageLow{"F4001", "StorageLow", Type::kEquipment, "storageCapacityProblem",
                                  "Free disk space."};
inline constexpr Kind kNodePeerLost{"F5001", "NodePeerLost", Type::kCommunications,
                                    "communicationsSubsystemFailure",
                                    "Start that machine again or repair the network to it."};
inline constexpr Kind kSwitchoverDone{"F5002", "SwitchoverDone", Type::kProcessingError,
                                      "softwareProgramAbnormallyTerminated",
                                      "Find out why the node that led before went, unless it was asked to."};
inline constexpr Kind kSplitBrainPrevented{
    "F5003", "SplitBrainPrevented", Type::kProcessingError, "communicationsSubsystemFailure",
    "Repair the network between the nodes; take one that is lost out: farolctl cluster fence."};
inline constexpr Kind kUnprotectedOperation{"F5004", "UnprotectedOperation", Type::kProcessingError,
                                            "underlyingResourceUnavailable",
                                            "Bring a second member up: farolctl cluster status."};
inline constexpr Kind kLoginAttack{"F7001", "LoginAttack", Type::kSecurityService, "authenticationFailure",
                                   "Look at the addresses in the log; block them."};

inline constexpr std::array kInventory{kAlertNotOnAir,       kAlertPartlyConfirmed, kStopNotConfirmed,
                                       kLiveAlertSent,       kCbcUnreachable,       kPeerDown,
                                       kPeerLinkTestFailed,  kSiteDataStale,        kApprovalLocked,
                                       kAuditChainBroken,    kCbeRefused,           kTwinAway,
                                       kConfigRejected,      kStoreUnavailable,     kReplicationLag,
                                       kQueueBacklog,        kCertificateExpiring,  kClockUnsynchronised,
                                       kStorageLow,          kNodePeerLost,         kSwitchoverDone,
                                       kSplitBrainPrevented, kUnprotectedOperation, kLoginAttack};

// Null when no kind has that id.
const Kind* find_kind(std::string_view id);

}  // namespace alarms
