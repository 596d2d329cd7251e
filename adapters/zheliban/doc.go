// Package zheliban asks Zhejiang (浙里办) for driving licences, over one of two channels that the configuration picks: a
// component of the IRS gateway (浙江省一体化数字资源系统), or a data set of the provincial data-sharing platform
// (省公共数据共享平台). It knows how each signs, what each answers and where the purpose of a query goes. A second component of the IRS
// gateway is told of licence changes. Components, data set and shapes are assumptions Z1 to Z3. It stops at the licence and the
// notice: sign-on, masking and whether a query may be asked at all are others' business.
//
// The sharing platform knows one pair of secrets for each appKey, and a new one ends the one before. Gateways that share an
// appKey therefore end each other's secrets and renew more often than they would have to; give each its own.
//
// Neither channel signs the body: what protects it is TLS on this leg and the gateway's own signature on the next.
package zheliban
