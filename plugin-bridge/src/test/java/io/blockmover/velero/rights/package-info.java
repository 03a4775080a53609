/** What the chart allows the controller, compared with what it asks the API server. */
package io.blockmover.velero.rights;
